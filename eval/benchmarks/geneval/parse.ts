import { isObject, parseJson, type Parsed } from '../../json';
import { pythonText } from '../../python/text';
import { show } from '../problem';
import type { Metadata, Requirement } from './types';
import { UnjudgeableError } from './verdict';

/** @throws UnjudgeableError with a reason that follows on `line 7 …` */
export const parseObject = (text: string): Record<string, unknown> => objectOf(parseJson(text));

/** @throws UnjudgeableError with a reason that follows on `line 7 …` */
export function objectOf({ value, error }: Parsed): Record<string, unknown> {
  if (error !== undefined) throw new UnjudgeableError(`is not JSON: ${error}`);
  if (!isObject(value)) throw new UnjudgeableError('is not a JSON object');
  return value;
}

/**
 * A prompt's metadata, given as an object or as its JSON text (official results have text). What GenEval has no use for
 * is left out; a tag, a colour or a relation that it does not have is kept, and judged as the official script does.
 * @throws UnjudgeableError with a reason that follows on `line 7 …`
 */
export function parseMetadata(value: unknown): Metadata {
  const object = typeof value === 'string' ? parseObject(value) : value;
  if (!isObject(object)) throw new UnjudgeableError('has no metadata');
  const { tag, include, exclude, prompt } = object;
  if (typeof tag !== 'string') throw new UnjudgeableError(`has metadata whose tag is no text: ${show(tag)}`);
  return {
    tag,
    include: parseRequirements(include, 'include'),
    ...(exclude === undefined ? {} : { exclude: parseRequirements(exclude, 'exclude') }),
    prompt: typeof prompt === 'string' ? prompt : '',
  };
}

function parseRequirements(value: unknown, name: 'include' | 'exclude'): Requirement[] {
  // The official script takes a prompt without `include` for one that asks for nothing.
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UnjudgeableError(`has metadata whose ${name} is no list`);
  return value.map((one: unknown) => {
    const { class: className, count, color, position } = isObject(one) ? one : {};
    if (typeof className !== 'string' || !Number.isInteger(count))
      throw new UnjudgeableError(`has metadata whose ${name} lacks a class or a count`);
    return {
      class: className,
      count: count as number,
      ...(color === undefined ? {} : { color: parseColour(color) }),
      ...(position === undefined ? {} : { position: parsePosition(position) }),
    };
  });
}

/** A colour that is no text is one that no object has; the reason names it as Python prints it. */
function parseColour(value: unknown): string {
  const text = pythonText(value);
  if (text === null) throw new UnjudgeableError(`has metadata with a color that is no text: ${show(value)}`);
  return text;
}

function parsePosition(value: unknown): [string, number] {
  const [relation, target] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
  if (typeof relation !== 'string' || !Number.isInteger(target))
    throw new UnjudgeableError(`has metadata with a position that is no relation and index: ${show(value)}`);
  return [relation, target as number];
}
