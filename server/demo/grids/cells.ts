import type { SubmitInput } from '../schema';
import { StudioError } from '../../platform/errors/errors';
import { sizePattern, type Axis } from './schema';

export interface Cell {
  /** Column and row, from 0. */
  x: number;
  y: number;
  /** "steps 4, seed 1": what an error calls it. */
  name: string;
  input: SubmitInput;
}

/**
 * The requests of a grid, row by row.
 * @throws StudioError BAD_REQUEST (GRID_WORD_MISSING) where the prompt lacks the word that is to be replaced.
 */
export function cellsOf(base: SubmitInput, x: Axis, y: Axis | null): Cell[] {
  return (y?.values ?? [null]).flatMap((_, row) =>
    x.values.map((_value, column) => {
      const chosen = y ? [choose(x, column), choose(y, row)] : [choose(x, column)];
      const name = chosen.map(({ parameter, value }) => `${parameter} ${value}`).join(', ');
      return { x: column, y: row, name, input: inputOf(base, chosen) };
    }),
  );
}

interface Choice {
  parameter: Axis['parameter'];
  value: number | string;
  /** The first value of the axis. */
  first: number | string;
}

const choose = ({ parameter, values }: Axis, index: number): Choice => ({
  parameter,
  value: values[index] ?? '',
  first: values[0] ?? '',
});

function inputOf(base: SubmitInput, choices: Choice[]): SubmitInput {
  const input: SubmitInput = { ...base, requestId: undefined };
  for (const { parameter, value } of choices) {
    if (parameter === 'replace') continue;
    if (parameter === 'size') {
      const [, width, height] = sizePattern.exec(String(value)) ?? [];
      Object.assign(input, { width: Number(width), height: Number(height) });
    } else Object.assign(input, { [parameter]: value });
  }
  const words = choices.filter(({ parameter }) => parameter === 'replace');
  return words.length > 0 ? { ...input, prompt: replaceWords(input.prompt, words) } : input;
}

/** In one pass, so that what one axis puts in is not what the other searches. */
function replaceWords(prompt: string, words: Choice[]): string {
  const byFirst = new Map(words.map(({ first, value }) => [String(first), String(value)]));
  for (const word of byFirst.keys())
    if (!prompt.includes(word))
      throw new StudioError(
        'BAD_REQUEST',
        `The prompt doesn’t contain “${word}”. The first value must appear in it.`,
        { reason: 'GRID_WORD_MISSING', params: { word } },
      );
  const longestFirst = [...byFirst.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'gu',
  );
  return prompt.replace(pattern, (word) => byFirst.get(word) ?? word);
}
