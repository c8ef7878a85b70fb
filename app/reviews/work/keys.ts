import type { Choice } from '@/server/reviews/questions/choice';

/**
 * The keys of the page, by where they work. The handler reads this table and the list of keys shows it, so the two
 * cannot differ. A key is what `KeyboardEvent.key` says, letters in lower case; `Mod` is Ctrl, on a Mac ⌘.
 */
export const workKeys = {
  rated: {
    choose: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    previous: ['ArrowUp'],
    next: ['ArrowDown'],
    comment: ['c'],
    submit: ['Mod+Enter'],
  },
  pair: {
    first: ['1', 'ArrowLeft'],
    second: ['2', 'ArrowRight'],
    tie: ['3', 'ArrowDown'],
    both_bad: ['4', 'ArrowUp'],
  },
  item: {
    undo: ['u', 'Mod+z'],
    skip: ['s'],
    instructions: ['i'],
    help: ['?'],
  },
  picture: {
    zoom: ['z'],
    zoomIn: ['+', '='],
    zoomOut: ['-'],
    fit: ['0'],
    flick: ['f'],
    together: ['Shift+F'],
    panLeft: ['Shift+ArrowLeft'],
    panRight: ['Shift+ArrowRight'],
    panUp: ['Shift+ArrowUp'],
    panDown: ['Shift+ArrowDown'],
  },
  typing: { leave: ['Escape'], submit: ['Mod+Enter'] },
} as const;

type Scopes = typeof workKeys;
export type Scope = keyof Scopes;
type Name<S extends Scope> = S extends Scope ? keyof Scopes[S] & string : never;

export type Action =
  | { do: 'choose'; n: number }
  | { do: 'decide'; choice: Choice }
  | { do: Exclude<Name<'rated' | 'item' | 'picture' | 'typing'>, 'choose'> };

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'
> & {
  isComposing?: boolean;
};

/** A press as the table writes it; null where it belongs to the browser or to an input method. */
function written({ key, shiftKey, ctrlKey, metaKey, altKey, isComposing }: KeyPress): string | null {
  if (altKey || isComposing) return null;
  if (ctrlKey || metaKey) return shiftKey ? null : `Mod+${key.length === 1 ? key.toLowerCase() : key}`;
  if (key.length > 1) return `${shiftKey ? 'Shift+' : ''}${key}`;
  const letter = /^\p{L}$/u.test(key);
  return shiftKey && letter && key.toLowerCase() === 'f' ? 'Shift+F' : key.toLowerCase();
}

function nameIn<S extends Scope>(scope: S, press: string): Name<S> | null {
  const found = Object.entries(workKeys[scope]).find(([, keys]) =>
    (keys as readonly string[]).includes(press),
  );
  return found ? (found[0] as Name<S>) : null;
}

/** Keys that may be held down: they move something. Any other, held, would judge items that nobody looked at. */
const mayRepeat = new Set<string>([
  'zoomIn',
  'zoomOut',
  'panLeft',
  'panRight',
  'panUp',
  'panDown',
  'previous',
  'next',
]);

/**
 * What a press does.
 * @param kind of the queue: rated items have questions, of pairs one output is chosen
 * @param typing whether a field has the keys: then only leaving it and submitting are the page's
 */
export function actionOf(
  press: KeyPress,
  { kind, typing }: { kind: 'rate' | 'pair'; typing: boolean },
): Action | null {
  const key = written(press);
  if (key === null) return null;
  const action = typing ? whileTyping(key) : anywhere(key, kind);
  return action && press.repeat && !mayRepeat.has(action.do) ? null : action;
}

function whileTyping(key: string): Action | null {
  const name = nameIn('typing', key);
  return name && { do: name };
}

function anywhere(key: string, kind: 'rate' | 'pair'): Action | null {
  if (kind === 'pair') {
    const choice = nameIn('pair', key);
    if (choice) return { do: 'decide', choice };
  } else {
    const name = nameIn('rated', key);
    if (name) return name === 'choose' ? { do: 'choose', n: Number(key) } : { do: name };
  }
  const name = nameIn('item', key) ?? nameIn('picture', key);
  return name && { do: name };
}
