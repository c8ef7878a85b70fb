import { Linter } from 'eslint';
import { expect, test } from 'vitest';
import { minified, moduleOf } from './minified';
import { writesTheMinifierMisses as rule } from './writes-the-minifier-misses.mjs';

/** Gives what `seen` was before the variable was written: the same in the sources and in a build. */
const code = ({ declared, written }: Case) => `
  ${declared}
  export async function run(wait, one) {
    const write = () => { ${written} };
    const seen = v === undefined;
    await wait(write);
    if (seen) return 'before';
    return 'after';
  }
  export const read = () => v;`;
interface Case {
  declared: string;
  written: string;
}
const wait = async (write: () => void) => write();
const behaviour = async (text: string) => {
  const { run } = (await moduleOf(text)) as { run: (...given: unknown[]) => Promise<string> };
  return run(wait, 1);
};
const complaints = (text: string) =>
  new Linter()
    .verify(text, [{ plugins: { studio: { rules: { rule } } }, rules: { 'studio/rule': 'error' } }])
    .map(({ message }) => message);

const missed = ['let v;', 'let v = undefined;', 'let v = void 0;', 'var v;'].flatMap((declared) =>
  ['v ??= one;', 'v ||= one;', 'v += one;', 'v++;', 'for (v of [one]);', 'for ([v] of [[one]]);'].map(
    (written) => ({ declared, written }),
  ),
);
const seen = [
  ...['v = one;', '[v] = [one];', '({ v } = { v: one });', '({ a: [v = one] } = { a: [] });'].map(
    (written) => ({ declared: 'let v;', written }),
  ),
  ...['null', '0', 'one2', 'one2?.three'].map((value) => ({
    declared: `const one2 = null; let v = ${value};`,
    written: 'v ??= one; v ||= one;',
  })),
  { declared: 'let v;', written: 'v = one; v ??= one;' },
  { declared: 'let v;', written: '' },
  { declared: 'let v; for (let x of [1]) x += 1;', written: 'v = one;' },
];

test.each(missed)('$declared … $written is reported', (one) => {
  expect(complaints(code(one))).toEqual([expect.stringMatching(/^The minifier takes v for a constant/)]);
});

test.each(seen)(
  '$declared … $written is not reported, and the build does as the source says',
  async (one) => {
    const text = code(one);
    expect(complaints(text)).toEqual([]);
    expect(await behaviour(await minified(text))).toBe(await behaviour(text));
  },
);
