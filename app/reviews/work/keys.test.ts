import { expect, test } from 'vitest';
import en from '../../_i18n/en';
import { actionOf, workKeys, type KeyPress, type Scope } from './keys';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, repeat: false },
  ...held,
});
const rate = { kind: 'rate', typing: false } as const;
const pair = { kind: 'pair', typing: false } as const;

test.each([
  [press('1'), rate, { do: 'choose', n: 1 }],
  [press('9'), rate, { do: 'choose', n: 9 }],
  [press('ArrowDown'), rate, { do: 'next' }],
  [press('Enter', { ctrlKey: true }), rate, { do: 'submit' }],
  [press('Enter', { metaKey: true }), rate, { do: 'submit' }],
  [press('U'), rate, { do: 'undo' }],
  [press('z', { ctrlKey: true }), rate, { do: 'undo' }],
  [press('z'), rate, { do: 'zoom' }],
  [press('?', { shiftKey: true }), pair, { do: 'help' }],
  [press('ArrowLeft'), pair, { do: 'decide', choice: 'first' }],
  [press('4'), pair, { do: 'decide', choice: 'both_bad' }],
  [press('ArrowDown'), pair, { do: 'decide', choice: 'tie' }],
  [press('ArrowLeft', { shiftKey: true }), pair, { do: 'panLeft' }],
  [press('f'), pair, { do: 'flick' }],
  [press('F', { shiftKey: true }), pair, { do: 'together' }],
] as const)('%o of %o is %o', (key, where, action) => {
  expect(actionOf(key, where)).toEqual(action);
});

test.each([
  ['of the browser', press('1', { altKey: true }), pair],
  ['of the browser', press('1', { ctrlKey: true }), rate],
  ['redo', press('z', { ctrlKey: true, shiftKey: true }), rate],
  ['of an input method', press('1', { isComposing: true }), pair],
  ['the arrows of radio buttons', press('ArrowRight'), rate],
  ['no vote', press('5'), pair],
  ['nothing to submit', press('Enter', { ctrlKey: true }), pair],
] as const)('%s: %o is left alone', (_why, key, where) => {
  expect(actionOf(key, where)).toBeNull();
});

test('a key that is held down judges nothing, and moves the picture on', () => {
  for (const key of ['1', 'u', 's', 'z']) expect(actionOf(press(key, { repeat: true }), pair)).toBeNull();
  expect(actionOf(press('Enter', { ctrlKey: true, repeat: true }), rate)).toBeNull();
  expect(actionOf(press('ArrowLeft', { shiftKey: true, repeat: true }), pair)).toEqual({ do: 'panLeft' });
});

test('in a field the keys rest, but for leaving it and submitting', () => {
  const typing = { kind: 'rate', typing: true } as const;
  for (const key of ['1', 'u', 's', 'z', '?', 'ArrowDown']) expect(actionOf(press(key), typing)).toBeNull();
  expect(actionOf(press('z', { ctrlKey: true }), typing)).toBeNull();
  expect(actionOf(press('Escape'), typing)).toEqual({ do: 'leave' });
  expect(actionOf(press('Enter', { metaKey: true }), typing)).toEqual({ do: 'submit' });
});

test('no key means two things in one place, and each has a name', () => {
  for (const scopes of [['rated', 'item', 'picture'], ['pair', 'item', 'picture'], ['typing']] as Scope[][]) {
    const keys = scopes.flatMap((scope) => Object.values(workKeys[scope]).flat());
    expect(new Set(keys).size).toBe(keys.length);
  }
  for (const scope of Object.keys(workKeys) as Scope[])
    for (const name of Object.keys(workKeys[scope])) expect(en.reviewWork.keys.names).toHaveProperty(name);
});
