import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { Composer } from '../../app/(demo)/composer/composer';
import { SettingsPanel } from '../../app/(demo)/settings/settings-panel';
import { changeDraft, emptyDraft } from '../../app/_request/draft';
import { demoModel } from '../support/demo-model';
import { Refusal, show, words, type Answers } from '../support/render';

beforeEach(() => act(() => changeDraft(emptyDraft)));

const id = '0190d3f0-0000-7000-8000-000000000001';

/** The form of the demo beside its settings. */
async function open(server: Answers = {}) {
  const shown = show(
    <>
      <Composer panel="open" onTogglePanel={() => undefined} onSubmitted={() => undefined} />
      <SettingsPanel />
    </>,
    { server: { 'demo.model': () => demoModel, 'demo.submit': () => ({ id }), ...server } },
  );
  await screen.findByLabelText(words('demo.labels.steps'));
  const form = screen.getByRole('form', { name: words('demo.form') });
  return { ...shown, form: within(form), alert: () => within(form).getByRole('alert') };
}
const prompt = () => within(screen.getByRole('form')).getByRole('textbox');
const send = () =>
  within(screen.getByRole('form'))
    .getAllByRole('button')
    .find((one) => one.matches('[type=submit]'))!;
const setting = (name: 'steps' | 'width' | 'seed') => screen.getByLabelText(words(`demo.labels.${name}`));

test('an empty form says what is missing at its field, until it is there or another task is chosen', async () => {
  const { user, form, alert, sent } = await open();
  await user.click(form.getByRole('radio', { name: words('demo.tasks.edit') }));
  await user.click(send());
  await waitFor(() => expect(alert()).toHaveTextContent(words('demo.wrong.source')));
  expect(alert()).toHaveTextContent(words('demo.wrong.prompt_edit'));
  expect(prompt()).toHaveFocus();
  expect(prompt()).toBeInvalid();
  await user.type(prompt(), 'make it red');
  await waitFor(() => expect(alert().textContent).toBe(words('demo.wrong.source')));
  expect(prompt()).toBeValid();
  await user.click(form.getByRole('radio', { name: words('demo.tasks.understand') }));
  await waitFor(() => expect(alert()).toBeEmptyDOMElement());
  expect(sent('demo.submit')).toEqual([]);
});

test('a prompt that is too long is refused with the limit', async () => {
  const { user, alert, sent } = await open();
  fireEvent.change(prompt(), { target: { value: 'x'.repeat(10_000) } });
  await user.type(prompt(), '{Enter}');
  const said = words('demo.wrong.prompt_long', { length: '10,000', max: '1,000' });
  await waitFor(() => expect(alert()).toHaveTextContent(said));
  expect(sent('demo.submit')).toEqual([]);
});

test('numbers out of range are refused as they are typed, are gone to, and are reset', async () => {
  const { user, sent } = await open();
  for (const [name, value] of [
    ['steps', '100000'],
    ['width', '257'],
  ] as const)
    fireEvent.change(setting(name), { target: { value } });
  const whole = words('demo.wrong.whole', { label: words('demo.labels.steps'), min: '1', max: '50' });
  await waitFor(() => expect(setting('steps')).toHaveAccessibleDescription(expect.stringContaining(whole)));
  const multiple = { label: words('demo.labels.width'), multiple: '16', min: '128', max: '512' };
  expect(setting('width')).toHaveAccessibleDescription(words('demo.wrong.multiple', multiple));
  await user.type(prompt(), 'a photo of a dog{Enter}');
  await waitFor(() => expect(setting('width')).toHaveFocus());
  expect(sent('demo.submit')).toEqual([]);
  await user.click(screen.getByRole('button', { name: words('demo.reset') }));
  await waitFor(() => expect(setting('steps')).toBeValid());
  expect(setting('steps')).toHaveValue('12');
});

test('arrows step a number within its limits', async () => {
  const { user } = await open();
  await user.type(setting('steps'), '{ArrowUp}');
  expect(setting('steps')).toHaveValue('13');
  await user.type(setting('width'), '{ArrowDown}');
  expect(setting('width')).toHaveValue('240');
  fireEvent.change(setting('steps'), { target: { value: '50' } });
  await user.type(setting('steps'), '{ArrowUp}');
  expect(setting('steps')).toHaveValue('50');
});

test('Enter sends what stands in the form; Shift+Enter and the Enter of an input method do not', async () => {
  const { user, sent } = await open();
  await user.type(prompt(), 'two{Shift>}{Enter}{/Shift}apples');
  expect(prompt()).toHaveValue('two\napples');
  fireEvent.keyDown(prompt(), { key: 'Enter', isComposing: true });
  fireEvent.change(setting('seed'), { target: { value: '7' } });
  expect(sent('demo.submit')).toEqual([]);
  await user.type(prompt(), '{Enter}');
  await waitFor(() => expect(sent('demo.submit')).toHaveLength(1));
  expect(sent('demo.submit')[0]).toMatchObject({
    ...{ task: 'generate', prompt: 'two\napples', seed: 7, steps: 12, width: 256 },
  });
});

test('a double click is one request', async () => {
  const { user, sent } = await open();
  await user.type(prompt(), 'a photo of a dog');
  await user.dblClick(send());
  await waitFor(() => expect(send()).toHaveAttribute('aria-busy', 'false'));
  expect(sent('demo.submit')).toHaveLength(1);
});

test('a refusal of the server stands at its field until the form is changed', async () => {
  const refused = vi.fn(() => {
    throw new Refusal({ httpStatus: 400, field: 'prompt', message: 'Not this prompt.' });
  });
  const { user, alert } = await open({ 'demo.submit': refused });
  await user.type(prompt(), 'a dog{Enter}');
  await waitFor(() => expect(alert()).toHaveTextContent('Not this prompt.'));
  expect(prompt()).toBeInvalid();
  await user.type(prompt(), 's');
  expect(alert()).toBeEmptyDOMElement();
});

test('a request whose answer was lost is sent again as the same request', async () => {
  const lost = vi.fn<() => { id: string }>();
  lost.mockImplementationOnce(() => {
    throw new Error('lost');
  });
  lost.mockReturnValue({ id });
  const { user, alert, sent } = await open({ 'demo.submit': lost });
  await user.type(prompt(), 'a dog{Enter}');
  await waitFor(() => expect(alert()).toHaveTextContent(words('errors.UNREACHABLE')));
  await user.type(prompt(), '{Enter}');
  await waitFor(() => expect(alert()).toBeEmptyDOMElement());
  const [first, second] = sent('demo.submit') as { requestId: string }[];
  expect(second).toEqual(first);
});
