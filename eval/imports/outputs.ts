/** Outputs that were made elsewhere, read from the folders in which other tools leave them. */
import { readdir } from 'node:fs/promises';
import { basename, extname, join, parse } from 'node:path';
import { folderName, readGenevalFolder } from '../benchmarks/geneval/folder';
import { metadataLine, officialPrompts } from '../benchmarks/geneval/prompts';
import { IMAGES_PER_PROMPT } from '../benchmarks/geneval/types';
import { letters } from '../benchmarks/mmmu/prompt';
import { readOutputs } from '../benchmarks/mmmu/outputs';
import { OFFICIAL_TABLE } from '../benchmarks/mmmu/subjects';
import type { MmmuResponse } from '../benchmarks/mmmu/types';
import type { Problem } from '../benchmarks/problem';
import type { Dataset, MmmuQuestion } from '../datasets/types';

/** The output of one sample: a file with a picture, or a text. */
export type ImportedOutput = { key: string; repeat: number } & ({ path: string } | { text: string });

export interface ImportedOutputs {
  outputs: ImportedOutput[];
  /** What was passed over, and what is odd. */
  problems: Problem[];
}

/** A GenEval folder in the official layout. @throws the file system's error when it cannot be read */
export async function readGenevalOutputs(directory: string): Promise<ImportedOutputs> {
  const { prompts, problems } = await readGenevalFolder(directory);
  const official = new Map(officialPrompts().map((metadata, i) => [metadataLine(metadata), folderName(i)]));
  const outputs: ImportedOutput[] = [];
  for (const { metadata, images } of prompts) {
    const key = official.get(metadataLine(metadata));
    // That it is no prompt of GenEval, or stands twice, is among the problems already; the first counts.
    if (key === undefined || outputs.some((one) => one.key === key)) continue;
    for (const path of images) {
      // 0002.png is the third image, whichever others there are.
      const repeat = Number.parseInt(basename(path), 10);
      if (repeat < IMAGES_PER_PROMPT) outputs.push({ key, repeat, path });
    }
  }
  return { outputs, problems };
}

/**
 * MMMU's official layout, a folder with an `output.json` for each subject; its questions are the data set, where the
 * real one is not at hand.
 * @throws the file system's error when it cannot be read
 */
export async function readMmmuOutputs(
  directory: string,
  table = OFFICIAL_TABLE,
): Promise<ImportedOutputs & { dataset: Dataset<MmmuQuestion> }> {
  const { responses, problems } = await readOutputs(directory, table);
  return {
    outputs: responses.map(({ id, response }) => ({ key: id, repeat: 0, text: response })),
    problems,
    dataset: {
      size: responses.length,
      problems: [],
      async *items() {
        for (const response of responses)
          yield { key: response.id, group: response.subject, data: questionFrom(response), pictures: [] };
      },
    },
  };
}

/** The question text and pictures are not in an output.json. */
function questionFrom(response: MmmuResponse): MmmuQuestion {
  const { answer, kind } = response;
  if (kind === 'open') return { question: '', kind, options: [], answer };
  const options = letters(response.choices.length).map((letter) => String(response.options[letter] ?? ''));
  return { question: '', kind, options, answer };
}

const pictureTypes = ['.png', '.jpg', '.jpeg', '.webp'];

/**
 * A folder of edited pictures, each named after its item: `synthetic-edit-0001.png`.
 * @param keys of the data set's items
 * @throws the file system's error when it cannot be read
 */
export async function readEditedPictures(
  directory: string,
  keys: ReadonlySet<string>,
): Promise<ImportedOutputs> {
  const outputs = new Map<string, ImportedOutput>();
  const problems: Problem[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const { name } of entries
    .filter((entry) => !entry.isDirectory())
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name: key } = parse(name);
    if (!pictureTypes.includes(extname(name).toLowerCase()))
      problems.push({ where: name, reason: 'is no PNG, JPEG or WebP file by its name' });
    else if (!keys.has(key)) problems.push({ where: name, reason: 'is named like no item of the data set' });
    else if (outputs.has(key))
      problems.push({ where: name, reason: `is a second picture of ${key}; the first by name counts` });
    else outputs.set(key, { key, repeat: 0, path: join(directory, name) });
  }
  for (const key of keys)
    if (!outputs.has(key)) problems.push({ where: key, reason: 'has no picture in the folder' });
  return { outputs: [...outputs.values()], problems };
}
