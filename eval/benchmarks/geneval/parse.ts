import { isObject, tryParse } from '../json';
import { POSITIONS } from './names';
import { TAGS, type Metadata, type Requirement, type Tag } from './types';
import { UnjudgeableError } from './verdict';

/** @throws UnjudgeableError with a reason that follows on `line 7 …` */
export function parseObject(text: string): Record<string, unknown> {
  const { value, error } = tryParse(text);
  if (error !== undefined) throw new UnjudgeableError(`is not JSON: ${error}`);
  if (!isObject(value)) throw new UnjudgeableError('is not a JSON object');
  return value;
}

/**
 * A prompt's metadata, given as an object or as its JSON text (official results have text).
 * @throws UnjudgeableError with a reason that follows on `line 7 …`
 */
export function parseMetadata(value: unknown): Metadata {
  const object = typeof value === 'string' ? parseObject(value) : value;
  if (!isObject(object)) throw new UnjudgeableError('has no metadata');
  const { include, exclude, prompt } = object;
  return {
    tag: parseTag(object.tag),
    include: parseRequirements(include, 'include'),
    ...(exclude === undefined ? {} : { exclude: parseRequirements(exclude, 'exclude') }),
    prompt: typeof prompt === 'string' ? prompt : '',
  };
}

/** @throws UnjudgeableError unless it is one of the six */
export function parseTag(value: unknown): Tag {
  if (!TAGS.includes(value as Tag))
    throw new UnjudgeableError(`has an unknown tag: ${JSON.stringify(value)}`);
  return value as Tag;
}

function parseRequirements(value: unknown, name: 'include' | 'exclude'): Requirement[] {
  // The official script takes a prompt without `include` for one that asks for nothing.
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UnjudgeableError(`has metadata whose ${name} is no list`);
  return value.map((one: unknown) => {
    const { class: className, count, color, position } = isObject(one) ? one : {};
    if (typeof className !== 'string' || !Number.isInteger(count) || (count as number) < 0)
      throw new UnjudgeableError(`has metadata whose ${name} lacks a class or a count`);
    return {
      class: className,
      count: count as number,
      ...(typeof color === 'string' ? { color } : {}),
      ...(position === undefined ? {} : { position: parsePosition(position) }),
    };
  });
}

function parsePosition(value: unknown): [string, number] {
  const [relation, target] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!POSITIONS.some((one) => one === relation) || !Number.isInteger(target))
    throw new UnjudgeableError(`has metadata with an unknown position: ${JSON.stringify(value)}`);
  return [relation as string, target as number];
}
