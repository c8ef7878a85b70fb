import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { GridDialog } from '../../app/(demo)/grid/dialog';
import { changeDraft, emptyDraft } from '../../app/_request/draft';
import { demoModel } from '../support/demo-model';
import { Refusal, show, words, type Answers } from '../support/render';

beforeEach(() => act(() => changeDraft({ ...emptyDraft, prompt: 'two red apples' })));

async function open(server: Answers = {}) {
  const onOpenChange = vi.fn();
  const shown = show(<GridDialog open onOpenChange={onOpenChange} />, {
    server: { 'demo.model': () => demoModel, ...server },
  });
  await screen.findByRole('button', { name: words('grid.make') });
  return { ...shown, onOpenChange };
}
type Parameter = 'steps' | 'seed';
const values = (parameter: Parameter) =>
  screen.getByLabelText(words('grid.values', { parameter: words(`demo.labels.${parameter}`) }));
const write = (parameter: Parameter, text: string) =>
  fireEvent.change(values(parameter), { target: { value: text } });
const count = (columns: number, rows: number) =>
  words('grid.count', { columns, rows, cells: columns * rows });
const make = () => screen.getByRole('button', { name: words('grid.make') });

test('how many images it will be follows what is written, lists and ranges alike', async () => {
  await open();
  write('steps', '2-4 +2');
  write('seed', '7, 8, 9');
  expect(screen.getByRole('status')).toHaveTextContent(count(2, 3));
  write('seed', words('grid.randomSeeds', { count: 5 }));
  expect(screen.getByRole('status')).toHaveTextContent(count(2, 5));
});

test.each([
  ['4-60', words('grid.wrong.tooMany', { count: 57, max: 20 })],
  ['four', words('grid.wrong.number', { value: 'four' })],
  ['100', words('grid.wrong.outside', { value: '100', min: '1', max: '50' })],
  ['4, 4', words('grid.wrong.twice', { value: '4' })],
])('%s steps are refused where they are written', async (text, said) => {
  const { user, sent } = await open();
  write('steps', text);
  expect(values('steps')).toBeInvalid();
  expect(values('steps')).toHaveAccessibleDescription(said);
  await user.click(make());
  expect(sent('grids.submit')).toEqual([]);
});

test('more than can wait are not sent', async () => {
  const { user, sent } = await open();
  write('steps', '1-20');
  write('seed', '1-20');
  expect(make()).toHaveAttribute('aria-disabled', 'true');
  await user.click(make());
  expect(sent('grids.submit')).toEqual([]);
});

test('one side alone is a grid too, and the parameter of one side is not offered for the other', async () => {
  const { user } = await open();
  write('steps', '2, 4');
  await user.click(screen.getByRole('combobox', { name: words('grid.downParameter') }));
  const options = within(screen.getByRole('listbox'));
  expect(options.queryByRole('option', { name: words('demo.labels.steps') })).toBeNull();
  await user.click(options.getByRole('option', { name: words('grid.parameters.none') }));
  expect(screen.getByRole('status')).toHaveTextContent(count(2, 1));
});

test('what is wrong in the form behind it is told, and nothing is sent', async () => {
  act(() => changeDraft({ prompt: '' }));
  const { user, sent } = await open();
  write('steps', '2, 4');
  write('seed', '7');
  await user.click(make());
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(words('grid.incomplete')));
  expect(sent('grids.submit')).toEqual([]);
});

test('a lost answer is told, and the same grid sent again is the same request, random seeds included', async () => {
  const lost = vi.fn(() => {
    throw new Error('lost');
  });
  const { user, sent, onOpenChange } = await open({ 'grids.submit': lost });
  write('steps', '2, 4');
  write('seed', words('grid.randomSeeds', { count: 2 }));
  await user.click(make());
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(words('grid.unreachable')));
  await user.click(make());
  await waitFor(() => expect(sent('grids.submit')).toHaveLength(2));
  const [first, second] = sent('grids.submit');
  expect(first).toMatchObject({
    base: { prompt: 'two red apples' },
    x: { parameter: 'steps', values: [2, 4] },
  });
  expect(second).toEqual(first);
  expect(onOpenChange).not.toHaveBeenCalled();
});

test('the cell that the server refuses is named', async () => {
  const { user } = await open({
    'grids.submit': () => {
      const params = { column: 2, row: 1, problem: 'Too large.', problemReason: 'NOTHING_KNOWN' };
      throw new Refusal({ httpStatus: 400, reason: 'GRID_CELL', params });
    },
  });
  write('steps', '2, 4');
  write('seed', '7');
  await user.click(make());
  const said = words('grid.errors.GRID_CELL', { column: 2, row: 1, problem: 'Too large.' });
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(said));
});
