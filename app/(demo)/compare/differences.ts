import type { GenerationView } from '@/server/demo/schema';
import { parameters, type Parameter } from '../../../server/demo/parameters';

export interface Row {
  /** A name of `compare.settings`. */
  name: string;
  a: string | null;
  b: string | null;
}

const isText = ({ type }: Parameter) => type === 'text';
/** Texts first: they are read with the prompt. */
const order = [...parameters.filter(isText), ...parameters.filter((one) => !isText(one))].map(
  ({ key }) => key,
);

function settingsOf(generation: GenerationView): Map<string, string> {
  const { task, language, parameters: values } = generation;
  const { width, height, ...rest } = values;
  const rows = new Map<string, string>([['task', task]]);
  if (width !== undefined && height !== undefined) rows.set('size', `${width}×${height}`);
  const names = [...new Set([...order.filter((name) => name in rest), ...Object.keys(rest)])];
  for (const name of names) rows.set(name, String(rest[name]));
  return rows.set('language', language);
}

/** The settings of two results, those that differ apart from those that do not. A missing result has none. */
export function compareSettings(
  a: GenerationView | null,
  b: GenerationView | null,
): { different: Row[]; equal: Row[] } {
  const [left, right] = [a ? settingsOf(a) : null, b ? settingsOf(b) : null];
  const names = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])];
  const rows = names.map((name) => ({ name, a: left?.get(name) ?? null, b: right?.get(name) ?? null }));
  return {
    different: rows.filter((row) => row.a !== row.b),
    equal: rows.filter((row) => row.a === row.b),
  };
}

export interface Part {
  text: string;
  /** `a` stands in the first text only, `b` in the second only. */
  only: 'a' | 'b' | null;
}

/** Beyond this many pairs of words two texts are shown whole. */
const mostPairs = 4_000_000;

/** Two texts as one row of parts, by the longest common sequence of words (characters of Chinese words kept). */
export function diffWords(a: string, b: string, locale = 'en'): Part[] {
  if (a === b) return a === '' ? [] : [{ text: a, only: null }];
  const [left, right] = [wordsOf(a, locale), wordsOf(b, locale)];
  const [n, m] = [left.length, right.length];
  if (n * m > mostPairs) return [part(a, 'a'), part(b, 'b')];
  // length[i][j]: of the longest common sequence of left from i and right from j.
  const length = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      length[i]![j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const parts: Part[] = [];
  const add = (text: string, only: Part['only']) => {
    const last = parts.at(-1);
    if (last?.only === only) last.text += text;
    else parts.push({ text, only });
  };
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && left[i] === right[j]) {
      add(left[i] ?? '', null);
      i++;
      j++;
    } else if (i < n && (j >= m || at(i + 1, j) >= at(i, j + 1))) add(left[i++] ?? '', 'a');
    else add(right[j++] ?? '', 'b');
  }
  return parts;
}

const part = (text: string, only: Part['only']): Part => ({ text, only });

const wordsOf = (text: string, locale: string): string[] =>
  [...new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)].map(({ segment }) => segment);
