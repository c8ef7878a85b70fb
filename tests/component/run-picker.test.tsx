import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { RunPicker } from '../../app/runs/shared/run-picker';
import { Refusal, show, words } from '../support/render';

const run = (id: string, model: string, rest: object = {}) => ({
  ...{ id, state: 'done', done: 4, expected: 8, createdAt: new Date(0), visibility: 'team', seed: 1 },
  ...{
    benchmark: { name: 'geneval', title: 'GenEval', version: '1' },
    labels: { name: '', note: '', tags: [] },
  },
  ...{ model: { name: model, version: '1' }, settings: {}, evaluators: [], traits: [] },
  ...rest,
});
const [one, two, three] = [run('a', 'nano'), run('b', 'micro'), run('c', 'pico', { done: 0 })];

test('a run is searched for, chosen by keys, and one that cannot be chosen is not offered', async () => {
  const onChoose = vi.fn();
  const { user, sent } = show(
    <RunPicker label="Run" value={null} without="b" only={({ done }) => done > 0} onChoose={onChoose} />,
    {
      server: {
        'runs.list': ({ cursor }: { cursor?: string }) =>
          cursor
            ? { items: [run('d', 'femto')], nextCursor: null }
            : { items: [one, two, three], nextCursor: 'more' },
      },
    },
  );
  await user.click(screen.getByRole('button', { name: /Run/ }));
  const list = await screen.findByRole('listbox', { name: words('runs.picker.list') });
  expect(await within(list).findAllByRole('option')).toHaveLength(1);
  await user.click(screen.getByRole('button', { name: words('runs.picker.more') }));
  await waitFor(() => expect(within(list).getAllByRole('option')).toHaveLength(2));
  const box = screen.getByRole('combobox', { name: words('runs.picker.search') });
  await user.type(box, 'pi');
  await waitFor(() => expect(sent('runs.list')).toContainEqual(expect.objectContaining({ query: 'pi' })));
  await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}{Enter}');
  expect(onChoose.mock.calls).toEqual([['a']]);
  expect(screen.queryByRole('listbox')).toBeNull();
});

test('what is chosen is named; a run that is gone is told of', async () => {
  const { rerender } = show(<RunPicker label="Run" value="b" onChoose={() => undefined} />, {
    server: {
      'runs.get': ({ id }: { id: string }) => {
        if (id === 'b') return two;
        throw new Refusal({ reason: 'NOT_FOUND', code: 'NOT_FOUND', httpStatus: 404 });
      },
    },
  });
  expect(await screen.findByRole('button', { name: /micro 1 · GenEval/ })).toBeVisible();
  rerender(<RunPicker label="Run" value="x" onChoose={() => undefined} />);
  expect(await screen.findByText(words('runs.picker.unknown'))).toBeVisible();
});
