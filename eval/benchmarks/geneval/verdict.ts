import { COLOUR_NAMES } from './names';
import { relativePosition } from './position';
import type { ColourOf, Detection, Metadata, Requirement, Verdict } from './types';

/** The image cannot be judged, which is not the same as wrong. */
export class UnjudgeableError extends Error {}

/** The `ColourOf` of detections that bring their colours. @throws UnjudgeableError whenever it is asked */
export const coloursGiven: ColourOf = async (className) => {
  throw new UnjudgeableError(`the prompt asks for the colour of a ${className}, and the detection has none`);
};

/**
 * Whether an image shows what its prompt asks for, as the official `evaluate`: every `include` in order, its
 * colour, its position to an earlier one, and no `exclude`. Two relations on a diagonal are named left or
 * right first (the official script names them in the random order of a Python set).
 * @param found the filtered detections by class, best first
 * @throws UnjudgeableError when a colour is needed and cannot be had, a position names no earlier object, or an `exclude`
 * allows less than none of what is not there: the official script ends with an error
 */
export async function judge<D extends Detection>(
  found: ReadonlyMap<string, readonly D[]>,
  metadata: Pick<Metadata, 'include' | 'exclude'>,
  colourOf: ColourOf<D>,
): Promise<Verdict> {
  const reasons: string[] = [];
  const groups: (readonly D[] | null)[] = [];
  for (const requirement of metadata.include) {
    const objects = (found.get(requirement.class) ?? []).slice(0, requirement.count);
    const failure =
      countFailure(objects, requirement) ??
      (await colourFailure(objects, requirement, colourOf)) ??
      positionFailure(objects, requirement, groups);
    if (failure !== null) reasons.push(failure);
    groups.push(failure === null ? objects : null);
  }
  for (const { class: name, count } of metadata.exclude ?? []) {
    const number = found.get(name)?.length ?? 0;
    if (number >= count && !found.has(name))
      throw new UnjudgeableError(`the prompt wants fewer than ${count} of ${name}, and there is none`);
    if (number >= count) reasons.push(`expected ${name}<${count}, found ${number}`);
  }
  return { correct: reasons.length === 0, reason: reasons.join('\n') };
}

function countFailure(objects: readonly Detection[], requirement: Requirement): string | null {
  const { class: name, count } = requirement;
  return objects.length < count ? `expected ${name}>=${count}, found ${objects.length}` : null;
}

async function colourFailure<D extends Detection>(
  objects: readonly D[],
  { class: name, count, color }: Requirement,
  colourOf: ColourOf<D>,
): Promise<string | null> {
  if (color === undefined) return null;
  const colours = await coloursOf(name, objects, colourOf);
  const number = (of: string): number => colours.filter((one) => one === of).length;
  if (number(color) >= count) return null;
  const seen = COLOUR_NAMES.filter((one) => colours.includes(one)).map((one) => `${number(one)} ${one}`);
  return `expected ${color} ${name}>=${count}, found ${number(color)} ${color}; and ${seen.join(', ')}`;
}

async function coloursOf<D extends Detection>(
  name: string,
  objects: readonly D[],
  colourOf: ColourOf<D>,
): Promise<string[]> {
  const unknown = objects.filter(({ color }) => color === undefined);
  const named = unknown.length === 0 ? [] : await colourOf(name, unknown);
  let next = 0;
  return objects.map(({ color }) => color ?? named[next++]!);
}

/** As Python indexes a list: −1 is the last. */
export const groupAt = <Group>(groups: readonly Group[], index: number): Group | undefined =>
  groups.at(index);

function positionFailure(
  objects: readonly Detection[],
  { class: name, position }: Requirement,
  groups: readonly (readonly Detection[] | null)[],
): string | null {
  if (position === undefined) return null;
  const [expected, index] = position;
  const targets = groupAt(groups, index);
  if (targets === undefined)
    throw new UnjudgeableError(
      `the position of ${name} names object ${index}, which does not come before it`,
    );
  if (targets === null) return `no target for ${name} to be ${expected}`;
  for (const { box } of objects)
    for (const target of targets) {
      const relations: string[] = relativePosition(box, target.box);
      if (!relations.includes(expected))
        return `expected ${name} ${expected} target, found ${relations.join(' and ')} target`;
    }
  return null;
}
