import { genevalPlural } from '../../../models/scenes/classes';
import { pythonJson, type PythonJson } from '../../python/json';
import { NumpyGenerator } from '../../random/pcg64';
import { COLOUR_NAMES, OBJECT_NAMES, POSITIONS } from './names';
import type { Metadata } from './types';

/** The sha256 of the official prompt file. */
export const PROMPTS_SHA256 = '5c48e0813e812e3c373fa5c8ed07a8f0a483be30272b4427b0559c8048e67c13';

/** Draws of each task but the first; the official settings. */
const drawsPerTask = 100;
const seed = 43;

const withArticle = (name: string): string => (/^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`);
const count = ['zero', 'one', 'two', 'three', 'four'];

/** `person` is the first class, and no prompt gives it a colour. */
const withoutPerson = (drawn: number): string => OBJECT_NAMES[drawn + 1]!;

type Draw = (random: NumpyGenerator) => Metadata;

const twoObject: Draw = (random) => {
  const [a, b] = random.choices(OBJECT_NAMES.length, 2).map((i) => OBJECT_NAMES[i]!) as [string, string];
  return {
    tag: 'two_object',
    include: [
      { class: a, count: 1 },
      { class: b, count: 1 },
    ],
    prompt: `a photo of ${withArticle(a)} and ${withArticle(b)}`,
  };
};

const counting: Draw = (random) => {
  const name = OBJECT_NAMES[random.choice(OBJECT_NAMES.length)]!;
  const number = random.integers(2, 4);
  return {
    tag: 'counting',
    include: [{ class: name, count: number }],
    exclude: [{ class: name, count: number + 1 }],
    prompt: `a photo of ${count[number]} ${genevalPlural(name)}`,
  };
};

const colors: Draw = (random) => {
  const name = withoutPerson(random.choice(OBJECT_NAMES.length - 1));
  const color = COLOUR_NAMES[random.choice(COLOUR_NAMES.length)]!;
  return {
    tag: 'colors',
    include: [{ class: name, count: 1, color }],
    prompt: `a photo of ${withArticle(color)} ${name}`,
  };
};

const position: Draw = (random) => {
  const [a, b] = random.choices(OBJECT_NAMES.length, 2).map((i) => OBJECT_NAMES[i]!) as [string, string];
  const relation = POSITIONS[random.choice(POSITIONS.length)]!;
  return {
    tag: 'position',
    include: [
      { class: b, count: 1 },
      { class: a, count: 1, position: [relation, 0] },
    ],
    prompt: `a photo of ${withArticle(a)} ${relation} ${withArticle(b)}`,
  };
};

const colorAttribution: Draw = (random) => {
  const [a, b] = random.choices(OBJECT_NAMES.length - 1, 2).map(withoutPerson) as [string, string];
  const [ofA, ofB] = random.choices(COLOUR_NAMES.length, 2).map((i) => COLOUR_NAMES[i]!) as [string, string];
  return {
    tag: 'color_attr',
    include: [
      { class: a, count: 1, color: ofA },
      { class: b, count: 1, color: ofB },
    ],
    prompt: `a photo of ${withArticle(ofA)} ${a} and ${withArticle(ofB)} ${b}`,
  };
};

/**
 * The 553 official prompts, drawn as the official prompts/create_prompts.py draws them: every class once, 100
 * draws of each other task, repeats left out.
 */
export function officialPrompts(): Metadata[] {
  const random = new NumpyGenerator(seed);
  const drawn: Metadata[] = random.choices(OBJECT_NAMES.length, OBJECT_NAMES.length).map((i) => ({
    tag: 'single_object',
    include: [{ class: OBJECT_NAMES[i]!, count: 1 }],
    prompt: `a photo of ${withArticle(OBJECT_NAMES[i]!)}`,
  }));
  for (const draw of [twoObject, counting, colors, position, colorAttribution])
    for (let i = 0; i < drawsPerTask; i++) drawn.push(draw(random));
  const unique = new Map<string, Metadata>();
  for (const metadata of drawn) {
    const line = metadataLine(metadata);
    if (!unique.has(line)) unique.set(line, metadata);
  }
  return [...unique.values()];
}

/** One prompt as the official files write it (`json.dumps`); equal prompts give equal lines. */
export function metadataLine({ tag, include, exclude, prompt }: Metadata): string {
  return pythonJson({
    tag,
    include: include.map(inOrder),
    exclude: exclude?.map(inOrder),
    prompt,
  });
}

const inOrder = (requirement: Metadata['include'][number]): PythonJson => ({
  class: requirement.class,
  count: requirement.count,
  color: requirement.color,
  position: requirement.position,
});

/** The official evaluation_metadata.jsonl, to the byte. */
export const promptFile = (prompts: readonly Metadata[] = officialPrompts()): string =>
  prompts.map((metadata) => `${metadataLine(metadata)}\n`).join('');
