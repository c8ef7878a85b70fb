/** `studio data synthetic-…`: the sets that the scene generator makes, as files for other tools. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { pythonList } from '../benchmarks/mmmu/python-list';
import type { Dataset, DatasetItem, EditItem, MmmuQuestion } from '../datasets/types';
import { reasonOf } from './files';
import { command, number } from './options';
import { clearProgress, progressBar } from './progress';
import { InputError, printJson } from './report';
import { asCommand } from './session';

interface WriteOptions {
  out: string;
  limit?: number;
  json?: boolean;
}

/** How a dataset lies in a folder; paths are relative to it. */
interface Layout<Data> {
  picture(item: DatasetItem<Data>, name: string): string;
  /** The JSON lines that the item stands in, and its line. */
  table(item: DatasetItem<Data>): string;
  line(item: DatasetItem<Data>): Record<string, unknown>;
}

/** `studio data synthetic-edits`: `source/` and `target/` with PNG files, and pairs.jsonl. */
export function syntheticEditsCommand(finish: (code: number) => void): Command {
  return writeCommand('synthetic-edits', 'write the 1,000 synthetic edits: PNG files and pairs.jsonl').action(
    (options: WriteOptions) =>
      asCommand(options, finish, async () => {
        const { syntheticEdits } = await import('../benchmarks/editing/synthetic');
        await writeDataset(syntheticEdits(), editLayout, options);
      }),
  );
}

/** `studio data synthetic-mmmu`: a folder for each subject with PNG files and questions.jsonl. */
export function syntheticMmmuCommand(finish: (code: number) => void): Command {
  return writeCommand(
    'synthetic-mmmu',
    "write the 300 synthetic questions: one folder per subject, with PNG files and MMMU's columns as JSON Lines",
  ).action((options: WriteOptions) =>
    asCommand(options, finish, async () => {
      const { syntheticQuestions } = await import('../benchmarks/mmmu/synthetic');
      await writeDataset(syntheticQuestions(), questionLayout, options);
    }),
  );
}

const writeCommand = (name: string, description: string): Command =>
  command(name, description)
    .requiredOption('-o, --out <dir>', 'output folder')
    .option('--limit <n>', 'only the first n items', wholeNumber)
    .option('--json', 'print a single JSON object');

/** A line of `studio eval score editing --pairs`, but for its `edited`. */
const editLayout: Layout<EditItem> = {
  picture: ({ key }, name) => `${name}/${key}.png`,
  table: () => 'pairs.jsonl',
  line: (item) => ({
    key: item.key,
    kind: item.group,
    ...item.data,
    source: editLayout.picture(item, 'source'),
    target: editLayout.picture(item, 'target'),
  }),
};

/** The columns of MMMU's parquet files. Lists are Python's as text, as there; pictures are paths beside the file. */
const questionLayout: Layout<MmmuQuestion> = {
  picture: ({ key, group }, name) => `${group}/${key}_${name.replace('image_', '')}.png`,
  table: ({ group }) => `${group}/questions.jsonl`,
  line: (item) => {
    const { question, options, answer, kind } = item.data;
    const images = Array.from({ length: 7 }, (_, i): [string, string | null] => {
      const name = `image_${i + 1}`;
      const has = item.pictures.some((picture) => picture.name === name);
      return [name, has ? questionLayout.picture(item, name).slice(item.group.length + 1) : null];
    });
    return {
      id: item.key,
      question,
      options: pythonList(options),
      explanation: '',
      ...Object.fromEntries(images),
      img_type: pythonList(['Icons and Symbols']),
      answer: typeof answer === 'string' ? answer : pythonList(answer),
      topic_difficulty: 'Easy',
      question_type: kind,
      subfield: item.group,
    };
  },
};

/** Writes pictures as they come and the lines at the end, so that they name only pictures that are there. */
async function writeDataset<Data>(
  dataset: Dataset<Data>,
  layout: Layout<Data>,
  { out, limit = Infinity, json }: WriteOptions,
): Promise<void> {
  const { datasetHasher } = await import('../datasets/hash');
  const hasher = datasetHasher();
  const total = Math.min(limit, dataset.size ?? Infinity);
  const onItem = progressBar('drawing', { json });
  const tables = new Map<string, string>();
  let items = 0;
  try {
    for await (const item of dataset.items()) {
      for (const { name, bytes } of item.pictures) await writeInto(out, layout.picture(item, name), bytes);
      const table = layout.table(item);
      tables.set(table, `${tables.get(table) ?? ''}${JSON.stringify(layout.line(item))}\n`);
      hasher.add(item);
      onItem(++items, total);
      if (items === total) break;
    }
    for (const [file, text] of tables) await writeInto(out, file, text);
  } finally {
    clearProgress();
  }
  const sha256 = hasher.digest();
  const files = [...tables.keys()];
  if (json) printJson({ out, items, sha256, files });
  else process.stdout.write(`${out} (${items} items, sha256 ${sha256}): ${files.join(', ')}\n`);
}

async function writeInto(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  const file = join(folder, path);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    throw new InputError(`Cannot write ${file}: ${reasonOf(error as NodeJS.ErrnoException)}.`);
  }
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}
