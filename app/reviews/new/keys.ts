const longest = 40;

/** A key of a name, as exports and statistics call it: `Prompt followed?` is `prompt_followed`. */
export const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, longest)
    .replace(/_+$/, '');

/** Keys of names, no two the same. A name of no Latin letters, as a Chinese one, gets `<kind>_<number>`. */
export function uniqueKeys(names: readonly string[], kind: string): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = keyOf(name) || `${kind}_${index + 1}`;
    let key = base;
    for (let count = 2; taken.has(key); count++) {
      const end = `_${count}`;
      key = base.slice(0, longest - end.length) + end;
    }
    taken.add(key);
    return key;
  });
}
