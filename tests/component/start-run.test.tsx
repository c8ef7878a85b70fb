import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { StartDialog } from '../../app/runs/start/start-dialog';
import type { Me } from '../../server/accounts/schema';
import type { RunOptions } from '../../server/evaluation/runs/schema';
import { Refusal, show, words, type Answers } from '../support/render';

const revisionId = '0b9c7a52-8f6e-4c55-9a41-0b1d6f0d2c11';
const options: RunOptions = {
  workers: 1,
  models: [
    { name: 'nano', version: '2', kind: 'directory', revisionId, hash: '', active: true, unavailable: null },
  ],
  benchmarks: [
    {
      ...{ name: 'geneval', title: 'GenEval', task: 'generate', synthetic: false, repeats: 4, items: 553 },
      groups: [
        { name: 'counting', n: 80 },
        { name: 'colors', n: 94 },
      ],
      ...{ unavailable: null, settings: ['seed', 'width', 'steps', 'guidance', 'preset'] },
      presets: [
        { name: 'nano', usual: true, lacks: [] },
        { name: 'mine', usual: false, lacks: [] },
        {
          ...{ name: 'official', usual: false },
          lacks: [{ evaluator: 'clip-vit-l14', problem: 'missing', command: 'add clip-vit-l14' }],
        },
      ],
    },
  ],
};
const ada: Me = { id: revisionId, name: 'Ada', email: 'ada@studio.test', role: 'admin' };
const id = '0190d3f0-0000-7000-8000-000000000001';

async function open(server: Answers = {}) {
  const onStarted = vi.fn();
  const shown = show(<StartDialog open onOpenChange={() => undefined} onStarted={onStarted} />, {
    me: ada,
    server: { 'runs.options': () => options, 'runs.start': () => ({ id }), ...server },
  });
  const dialog = within(screen.getByRole('dialog', { name: words('runs.start.title') }));
  await dialog.findByRole('button', { name: words('runs.start.do') });
  return { ...shown, dialog, onStarted };
}
type Dialog = Awaited<ReturnType<typeof open>>['dialog'];
const box = (dialog: Dialog, name: 'limit' | 'repeats' | 'baseUrl') =>
  dialog.getByRole('textbox', { name: words(`runs.start.${name}`) });
const start = (dialog: Dialog) => dialog.getByRole('button', { name: words('runs.start.do') });

test('the form says beside each field what is wrong with it, and goes to the first', async () => {
  const { user, dialog, sent } = await open();
  await user.type(box(dialog, 'limit'), '0');
  await user.click(dialog.getByRole('combobox', { name: words('runs.start.model') }));
  await user.click(screen.getByRole('option', { name: words('runs.start.newEndpoint') }));
  await user.click(start(dialog));
  const whole = words('runs.start.problems.whole', { min: '1', max: '1,000,000' });
  expect(box(dialog, 'limit')).toHaveAccessibleDescription(whole);
  expect(box(dialog, 'baseUrl')).toHaveAccessibleDescription(words('runs.start.problems.address'));
  await waitFor(() => expect(box(dialog, 'baseUrl')).toHaveFocus());
  expect(sent('runs.start')).toEqual([]);
});

test('what was typed wrong is told before the form is sent, what is missing is not', async () => {
  const { user, dialog } = await open();
  await user.type(box(dialog, 'repeats'), 'x');
  expect(box(dialog, 'repeats')).toBeInvalid();
  expect(box(dialog, 'limit')).toBeValid();
});

test('how many samples it will be is told as it changes, and a group is one part of them', async () => {
  const { user, dialog } = await open();
  const told = (count: number) => words('runs.start.samples', { count });
  const status = () => dialog.getByRole('status');
  expect(status()).toHaveTextContent(told(2212));
  await user.type(box(dialog, 'repeats'), '1');
  expect(status()).toHaveTextContent(told(553));
  await user.click(dialog.getAllByRole('checkbox')[0]!);
  expect(status()).toHaveTextContent(told(80));
});

test('what is sent is what was chosen, and the run is gone to', async () => {
  const { user, dialog, sent, onStarted } = await open();
  await user.type(box(dialog, 'limit'), '6');
  await user.click(start(dialog));
  await waitFor(() => expect(onStarted).toHaveBeenCalledWith(id));
  expect(sent('runs.start')).toEqual([
    expect.objectContaining({ benchmark: 'geneval', model: { revisionId }, limit: 6, visibility: 'team' }),
  ]);
});

test('a refusal stands at the field that the server names, and the same wish sent again is the same run', async () => {
  const refuse = vi.fn((): { id: string } => {
    throw new Refusal({ httpStatus: 400, reason: 'NO_BENCHMARK', message: 'It is gone.' });
  });
  const { user, dialog, sent } = await open({ 'runs.start': refuse });
  await user.click(start(dialog));
  await waitFor(() =>
    expect(dialog.getByText('It is gone.')).toHaveAttribute('id', 'start-benchmark-problem'),
  );
  await user.click(start(dialog));
  await waitFor(() => expect(sent('runs.start')).toHaveLength(2));
  const [first, second] = sent('runs.start');
  expect(second).toEqual(first);
});

test('evaluators are chosen by a preset; one that is not installed is shown with what installs it', async () => {
  const { user, dialog, sent } = await open();
  const presets = () => dialog.getByRole('combobox', { name: words('runs.settings.preset') });
  expect(presets()).toHaveTextContent(`nano · ${words('runs.start.default')}`);
  expect(
    dialog.getByText(words('runs.start.lacks.missing', { evaluator: 'clip-vit-l14', presets: 'official' })),
  ).toBeVisible();
  expect(dialog.getByText('add clip-vit-l14')).toBeVisible();
  await user.click(presets());
  const official = screen.getByRole('option', { name: `official · ${words('runs.start.notInstalled')}` });
  expect(official).toHaveAttribute('aria-disabled', 'true');
  await user.click(screen.getByRole('option', { name: 'mine' }));
  await user.click(start(dialog));
  await waitFor(() => expect(sent('runs.start')).toHaveLength(1));
  expect(sent('runs.start')).toMatchObject([{ settings: { preset: 'mine' } }]);
});

test('the usual preset is asked for by naming none', async () => {
  const { user, dialog, sent } = await open();
  const presets = () => dialog.getByRole('combobox', { name: words('runs.settings.preset') });
  for (const name of ['mine', `nano · ${words('runs.start.default')}`]) {
    await user.click(presets());
    await user.click(screen.getByRole('option', { name }));
  }
  await user.click(start(dialog));
  await waitFor(() => expect(sent('runs.start')).toHaveLength(1));
  expect(sent('runs.start')).toMatchObject([{ settings: {} }]);
  expect(sent('runs.start')).not.toMatchObject([{ settings: { preset: expect.anything() } }]);
});

test('a benchmark whose usual preset is not installed says so before it is sent', async () => {
  const [geneval] = options.benchmarks;
  const lacking = geneval!.presets.map((one) => ({ ...one, usual: one.name === 'official' }));
  const { user, dialog, sent } = await open({
    'runs.options': () => ({ ...options, benchmarks: [{ ...geneval!, presets: lacking }] }),
  });
  expect(dialog.getByText(words('runs.start.problems.preset'))).toBeVisible();
  await user.click(start(dialog));
  expect(sent('runs.start')).toEqual([]);
});
