import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, EncodingError } from '../../json';
import type { Problem } from '../problem';
import { parseMetadata } from './parse';
import { formatOf, pngDefect } from './png';
import { metadataLine, officialPrompts } from './prompts';
import { IMAGES_PER_PROMPT, type Metadata } from './types';
import { UnjudgeableError } from './verdict';

/** The images of one prompt. */
export interface PromptFolder {
  /** Its name, e.g. `00000`. */
  name: string;
  metadata: Metadata;
  /** Paths of the images to score, sorted. */
  images: string[];
}

const PROBLEM_KINDS = ['missing', 'extra', 'corrupt', 'misnamed', 'jpeg', 'prompt', 'evaluator'] as const;

export interface FolderProblem extends Problem {
  /** `prompt`: metadata that is missing, unusable or not GenEval's; `evaluator`: what could not be measured. */
  kind: (typeof PROBLEM_KINDS)[number];
}

export interface GenevalFolder {
  /** Sorted by number. */
  prompts: PromptFolder[];
  problems: FolderProblem[];
  /** How many problems of each kind; for `missing`, how many images. */
  counts: Record<(typeof PROBLEM_KINDS)[number], number>;
}

/** `0002.png`, as the official generation scripts name the third image. */
export const imageName = (index: number): string => `${String(index).padStart(4, '0')}.png`;

/** `00012`, as the official generation scripts name the folder of the thirteenth prompt. */
export const folderName = (index: number): string => String(index).padStart(5, '0');

/**
 * Reads images in the official layout: `00000/metadata.jsonl` and `00000/samples/0000.png`. What the official
 * script would score is in `prompts`, damaged files apart; everything odd is in `problems`.
 * @throws the file system's error when `directory` itself cannot be read
 */
export async function readGenevalFolder(directory: string): Promise<GenevalFolder> {
  const problems: FolderProblem[] = [];
  const prompts: PromptFolder[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name);
  for (const name of names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))) {
    if (!/^\d+$/.test(name)) {
      problems.push({
        kind: 'misnamed',
        where: name,
        reason: 'a folder whose name is no number is passed over',
      });
      continue;
    }
    const metadata = await readMetadata(directory, name, problems);
    if (metadata === null) continue;
    prompts.push({ name, metadata, images: await readSamples(directory, name, problems) });
  }
  const absent = missingPrompts(prompts, problems);
  const counts = Object.fromEntries(PROBLEM_KINDS.map((kind) => [kind, 0])) as GenevalFolder['counts'];
  for (const { kind } of problems) counts[kind]++;
  const short = prompts.map(({ images }) => missingFrom(images.length));
  counts.missing = absent * IMAGES_PER_PROMPT + short.reduce((sum, n) => sum + n, 0);
  return { prompts, problems, counts };
}

/** How many images a prompt lacks that has so many. */
export const missingFrom = (images: number): number => Math.max(0, IMAGES_PER_PROMPT - images);

async function readMetadata(
  directory: string,
  name: string,
  problems: FolderProblem[],
): Promise<Metadata | null> {
  const where = `${name}/metadata.jsonl`;
  try {
    return parseMetadata(decodeText(await readFile(join(directory, where))));
  } catch (error) {
    problems.push({ kind: 'prompt', where, reason: whyNoMetadata(error) });
    return null;
  }
}

function whyNoMetadata(error: unknown): string {
  if (error instanceof UnjudgeableError) return `it ${error.message}`;
  return error instanceof EncodingError ? error.message : readingFailed(error);
}

async function readSamples(directory: string, name: string, problems: FolderProblem[]): Promise<string[]> {
  const folder = `${name}/samples`;
  const report = (kind: FolderProblem['kind'], where: string, reason: string): void =>
    void problems.push({ kind, where, reason });
  let entries;
  try {
    entries = await readdir(join(directory, folder), { withFileTypes: true });
  } catch (error) {
    report('missing', folder, readingFailed(error));
    return [];
  }
  const images: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const where = `${folder}/${entry.name}`;
    if (/\.jpe?g$/i.test(entry.name)) report('jpeg', where, 'a JPEG, which the official script skips');
    else if (!/^\d+\.png$/.test(entry.name))
      report('misnamed', where, 'not named like 0000.png, so it is passed over');
    else if (await usable(join(directory, where), where, report)) {
      images.push(join(directory, where));
      if (Number.parseInt(entry.name, 10) >= IMAGES_PER_PROMPT)
        report(
          'extra',
          where,
          `beyond the ${IMAGES_PER_PROMPT} of the protocol; the official script scores it too`,
        );
    }
  }
  if (images.length < IMAGES_PER_PROMPT)
    report('missing', folder, `${images.length} of ${IMAGES_PER_PROMPT} images can be scored`);
  return images;
}

async function usable(
  path: string,
  where: string,
  report: (kind: FolderProblem['kind'], where: string, reason: string) => void,
): Promise<boolean> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    report('corrupt', where, readingFailed(error));
    return false;
  }
  const format = formatOf(file);
  if (format === 'JPEG' || format === 'WebP') {
    report('misnamed', where, `a ${format} named as a PNG; it is scored, as the official script does`);
    return true;
  }
  if (format !== null && format !== 'PNG') {
    report('corrupt', where, `a file in the format ${format}, named as a PNG; PNG, JPEG and WebP are read`);
    return false;
  }
  const defect = pngDefect(file);
  if (defect !== null) report('corrupt', where, defect);
  return defect === null;
}

/** Reports official prompts without a folder, and folders of other prompts or of one twice. Counts the former. */
function missingPrompts(prompts: readonly PromptFolder[], problems: FolderProblem[]): number {
  const seen = new Map<string, string>();
  const official = officialPrompts().map(metadataLine);
  for (const { name, metadata } of prompts) {
    const line = metadataLine(metadata);
    const earlier = seen.get(line);
    if (!official.includes(line))
      problems.push({ kind: 'prompt', where: name, reason: `no prompt of GenEval: ${metadata.prompt}` });
    else if (earlier !== undefined)
      problems.push({ kind: 'prompt', where: name, reason: `the same prompt as in ${earlier}` });
    seen.set(line, name);
  }
  const absent = official.flatMap((line, index) => (seen.has(line) ? [] : [index]));
  for (const index of absent)
    problems.push({ kind: 'missing', where: folderName(index), reason: 'no folder has this prompt' });
  return absent.length;
}

/** Why the file system refused. */
export function readingFailed(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'it is missing' : `it cannot be read: ${code ?? message}`;
}
