/**
 * Every shortcut of the page, by where it works. Handlers read this table and the keyboard map shows it, so
 * the two cannot differ. A key is what `KeyboardEvent.key` says, letters in lower case.
 */
export const shortcuts = {
  page: {
    focusPrompt: ['/'],
    newest: ['g'],
    taskGenerate: ['1'],
    taskEdit: ['2'],
    taskAsk: ['3'],
    map: ['?'],
  },
  result: {
    next: ['j', 'ArrowDown'],
    previous: ['k', 'ArrowUp'],
    first: ['Home'],
    last: ['End'],
    enlarge: ['Enter', ' '],
    edit: ['e'],
    ask: ['a'],
    download: ['d'],
    use: ['u'],
    compare: ['c'],
    share: ['s'],
    delete: ['Delete'],
  },
  picture: {
    pictureNext: ['ArrowRight', 'j'],
    picturePrevious: ['ArrowLeft', 'k'],
    zoomIn: ['+', '='],
    zoomOut: ['-'],
    zoomReset: ['0'],
    panLeft: ['Shift+ArrowLeft'],
    panRight: ['Shift+ArrowRight'],
    panUp: ['Shift+ArrowUp'],
    panDown: ['Shift+ArrowDown'],
    close: ['Escape'],
  },
  // The prompt's own keys: prompt-box.tsx.
  composer: { send: ['Enter'], newLine: ['Shift+Enter'] },
} as const;

export type Scope = keyof typeof shortcuts;
export type Shortcut<S extends Scope = Scope> = S extends Scope
  ? keyof (typeof shortcuts)[S] & string
  : never;

type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'> & {
  isComposing?: boolean;
};

/** Which shortcut of a scope a key press is; null where it is none, or belongs to the browser or the system. */
export function shortcutOf<S extends Scope>(scope: S, event: KeyPress): Shortcut<S> | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  const { key } = event;
  const press = key.length === 1 ? key.toLowerCase() : `${event.shiftKey ? 'Shift+' : ''}${key}`;
  const found = Object.entries(shortcuts[scope]).find(([, keys]) =>
    (keys as readonly string[]).includes(press),
  );
  return found ? (found[0] as Shortcut<S>) : null;
}
