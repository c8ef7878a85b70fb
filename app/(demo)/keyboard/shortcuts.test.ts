import { expect, test } from 'vitest';
import en from '../../_i18n/en';
import { shortcutOf, shortcuts, type Scope } from './shortcuts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test.each([
  ['page', press('?', { shiftKey: true }), 'map'],
  ['page', press('/'), 'focusPrompt'],
  ['page', press('/', { shiftKey: true }), 'focusPrompt'],
  ['result', press('j'), 'next'],
  ['result', press('J'), 'next'],
  ['result', press('J', { shiftKey: true }), 'next'],
  ['result', press('ArrowUp'), 'previous'],
  ['result', press(' '), 'enlarge'],
  ['picture', press('ArrowLeft', { shiftKey: true }), 'panLeft'],
  ['picture', press('ArrowLeft'), 'picturePrevious'],
  ['picture', press('+'), 'zoomIn'],
  ['composer', press('Enter', { shiftKey: true }), 'newLine'],
] as const)('in %s %o is %s', (scope, event, name) => {
  expect(shortcutOf(scope, event)).toBe(name);
});

test.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])(
  'a key is left alone with %o',
  (held) => {
    expect(shortcutOf('result', press('d', held))).toBeNull();
  },
);

test('no key means two things in one place, and each has a name', () => {
  for (const scope of Object.keys(shortcuts) as Scope[]) {
    const keys = Object.values(shortcuts[scope]).flat();
    expect(new Set(keys).size).toBe(keys.length);
    for (const name of Object.keys(shortcuts[scope])) expect(en.keyboard.names).toHaveProperty(name);
  }
});
