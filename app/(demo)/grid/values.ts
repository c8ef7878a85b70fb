import type { Axis, GridParameter } from '@/server/demo/grids/schema';
import { offeredOf, parameterNamed, type KeysWith } from '../../../server/demo/parameters';
import { mostCells } from '../../../server/demo/grids/schema';

/** Reads the values of a grid's side as people write them. Pure but for the seeds that `draw` gives. */

interface Range {
  min: number;
  max: number;
  /** Values are multiples of this, counted from 0. */
  multiple?: number;
}

/** The limits of the numbers of pictures, by their keys. */
export type Ranges = Readonly<
  Record<KeysWith<{ limits: object; tasks: readonly ['generate', 'edit'] }>, Range>
> & { languages: readonly string[] };

/** A name of `grid.wrong` and what it tells. */
export interface Problem {
  wrong:
    | 'empty'
    | 'number'
    | 'whole'
    | 'range'
    | 'outside'
    | 'twice'
    | 'tooMany'
    | 'size'
    | 'choice'
    | 'multiple'
    | 'quote';
  params: Record<string, string | number>;
}

export type Parsed = { values: (string | number)[]; problem: null } | { values: null; problem: Problem };

class Wrong extends Error {
  constructor(readonly problem: Problem) {
    super(problem.wrong);
  }
}

function refuse(wrong: Problem['wrong'], params: Problem['params'] = {}): never {
  throw new Wrong({ wrong, params });
}

/** Parameters whose values are one a line, since prompts have commas. */
export const isLines = (parameter: GridParameter) =>
  parameter === 'prompt' || parameterNamed(parameter)?.type === 'text';

/**
 * @param text e.g. "1, 2, 3", "4-12 +4", "1-3 [5]", "5 random seeds", "256x256, 384x256", or a prompt a line
 * @param draw a random seed
 */
export function parseValues(
  parameter: GridParameter,
  text: string,
  ranges: Ranges,
  draw: () => number,
): Parsed {
  try {
    const values = read(parameter, text, ranges, draw);
    if (values.length === 0) refuse('empty');
    const twice = values.find((value, index) => values.indexOf(value) !== index);
    if (twice !== undefined) refuse('twice', { value: twice });
    if (values.length > mostCells) refuse('tooMany', { count: values.length, max: mostCells });
    return { values, problem: null };
  } catch (error) {
    if (error instanceof Wrong) return { values: null, problem: error.problem };
    throw error;
  }
}

/** The values of a side that were read as its parameter takes them. */
export const axisOf = (parameter: GridParameter, values: (string | number)[]): Axis =>
  ({ parameter, values }) as Axis;

function read(
  parameter: GridParameter,
  text: string,
  ranges: Ranges,
  draw: () => number,
): (string | number)[] {
  if (isLines(parameter)) return lines(text);
  if (parameter === 'replace') return quoted(text);
  const items = text
    .split(/[,，、;；\n]/)
    .map((item) => item.trim())
    .filter(Boolean);
  if (parameter === 'size') return items.map((item) => size(item, ranges));
  const known = parameterNamed(parameter);
  if (known?.type === 'choice') return items.map((item) => choice(item, offeredOf(known)));
  if (parameter === 'language') return items.map((item) => choice(item, [...ranges.languages, 'auto']));
  const whole = known?.type !== 'number';
  return items.flatMap((item) => {
    const random = known?.leftOut === 'drawn' ? randomCount(item) : null;
    const values = random === null ? series(item, whole) : distinct(random, ranges.seed, draw);
    const { min, max } = ranges[parameter as 'steps'];
    for (const value of values) {
      if (whole && !Number.isInteger(value)) refuse('whole', { value });
      if (value < min || value > max) refuse('outside', { value, min, max });
    }
    return values;
  });
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

const number = String.raw`-?\d+(?:\.\d+)?`;
const seriesPattern = new RegExp(
  String.raw`^(${number})\s*(?:-|–|~|\.\.|to|到|至)\s*(${number})(?:\s*(?:\(?\+\s*(${number})\)?|\[\s*(\d+)\s*\]))?$`,
  'i',
);

/** "4", "4-12", "4-12 +4" (by steps of) or "4-12 [3]" (so many, evenly). Both ends are in it where they fit. */
function series(item: string, whole: boolean): number[] {
  if (new RegExp(`^${number}$`).test(item)) return [Number(item)];
  const match = seriesPattern.exec(item);
  if (!match) refuse('number', { value: item });
  const [from, to] = [Number(match[1]), Number(match[2])];
  if (match[4] !== undefined) return evenly(from, to, Number(match[4]), whole);
  const step = match[3] === undefined ? 1 : Number(match[3]);
  if (step <= 0 || to < from) refuse('range', { value: item });
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > mostCells) refuse('tooMany', { count, max: mostCells });
  return Array.from({ length: count }, (_, index) => tidy(from + index * step));
}

function evenly(from: number, to: number, count: number, whole: boolean): number[] {
  if (count > mostCells) refuse('tooMany', { count, max: mostCells });
  if (count < 2) return count === 1 ? [from] : [];
  return Array.from({ length: count }, (_, index) => {
    const value = from + ((to - from) * index) / (count - 1);
    return whole ? Math.round(value) : tidy(value);
  });
}

/** 0.1 + 0.2 is 0.3. */
const tidy = (value: number) => Number(value.toFixed(4));

/** "5 random seeds", "random 5", "5 random", "5 个随机种子". */
function randomCount(item: string): number | null {
  const match =
    /^(\d{1,3})\s*(?:random(?:\s+seeds?)?|个?\s*随机(?:种子)?)$/i.exec(item) ??
    /^(?:random|随机)\s*(\d{1,3})\s*个?(?:种子)?$/i.exec(item);
  return match ? Number(match[1]) : null;
}

function distinct(count: number, { min, max }: Range, draw: () => number): number[] {
  if (count > Math.min(mostCells, max - min + 1)) refuse('tooMany', { count, max: mostCells });
  const drawn = new Set<number>();
  while (drawn.size < count) drawn.add(draw());
  return [...drawn];
}

function size(item: string, ranges: Ranges): string {
  const match = /^(\d{1,5})(?:\s*[x×*]\s*(\d{1,5}))?$/i.exec(item);
  if (!match) refuse('size', { value: item });
  const [width, height] = [Number(match[1]), Number(match[2] ?? match[1])];
  for (const [value, { min, max, multiple = 1 }] of [
    [width, ranges.width],
    [height, ranges.height],
  ] as const) {
    if (value < min || value > max) refuse('outside', { value, min, max });
    if (value % multiple !== 0) refuse('multiple', { value, multiple });
  }
  return `${width}x${height}`;
}

function choice(item: string, choices: readonly string[]): string {
  const found = choices.find((value) => value === item.toLowerCase());
  return found ?? refuse('choice', { value: item, choices: choices.join(', ') });
}

/** Words between commas; in quotes a word may have commas, and a quote written twice. */
function quoted(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,，、\n"]*))\s*(?:[,，、\n]|$)/gy;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) refuse('quote', { value: text.slice(at).trim() });
    const word = match[1]?.replaceAll('""', '"') ?? match[2]?.trim() ?? '';
    if (word) words.push(word);
  }
  return words;
}
