import { letters } from '../benchmarks/mmmu/prompt';
import { subjectOfId } from '../benchmarks/mmmu/subjects';
import { checkedPicture, ItemError } from './dataset';
import { undecodable, type ParquetRow } from './parquet';
import { parsePythonList, parsePythonTexts } from './python-list';
import type { DatasetItem, DatasetPicture, MmmuQuestion } from './types';

/** Columns `image_1` to `image_7`. */
const pictures = 7;

/**
 * A row of a parquet file of MMMU. Its options are a Python list as text, as the official script evaluates them.
 * @throws ItemError when it cannot be used
 */
export async function questionOf(row: ParquetRow, subject: string): Promise<DatasetItem<MmmuQuestion>> {
  const id = textOf(row, 'id');
  const named = subjectOfId(id);
  if (named !== subject)
    throw new ItemError(`stands among the questions of ${subject}, and its id says ${named || 'none'}`);
  const kind = kindOf(row.question_type);
  const options = optionsOf(row, kind);
  return {
    key: id,
    group: subject,
    data: { question: textOf(row, 'question'), kind, options, answer: answerOf(row, kind, options) },
    pictures: await picturesOf(row, [textOf(row, 'question'), ...options]),
  };
}

function textOf(row: ParquetRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string' || value === '') throw new ItemError(`has no ${column}`);
  return value;
}

function kindOf(value: unknown): MmmuQuestion['kind'] {
  if (value === 'multiple-choice') return value;
  // The official files of answers call the same questions `short-answer`.
  if (value === 'open' || value === 'short-answer') return 'open';
  throw new ItemError(`has the unknown question_type ${JSON.stringify(value)}`);
}

function optionsOf(row: ParquetRow, kind: MmmuQuestion['kind']): string[] {
  if (kind === 'open') return [];
  const options = parsePythonTexts(textOf(row, 'options'));
  if (options === null) throw new ItemError('has options that are no Python list or tuple');
  if (options.length === 0) throw new ItemError('has no options to choose from');
  return options;
}

/**
 * One text, or several that count as right: the official `answer_dict_val.json` has lists where the data has them as
 * text, `['24/7', '3.429']`.
 */
function answerOf(
  row: ParquetRow,
  kind: MmmuQuestion['kind'],
  options: readonly string[],
): string | string[] {
  const text = textOf(row, 'answer');
  const several = parsePythonList(text);
  const answers = several && several.length > 0 ? several : [text];
  if (kind === 'multiple-choice')
    for (const answer of answers)
      if (!letters(options.length).includes(answer))
        throw new ItemError(
          `has the answer ${JSON.stringify(answer)}, which is none of its ${options.length} options`,
        );
  return answers.length === 1 ? answers[0]! : answers;
}

/** @param texts that name the pictures, `<image 1>`: one that cannot be decoded and is not named is not missed */
async function picturesOf(row: ParquetRow, texts: readonly string[]): Promise<DatasetPicture[]> {
  const found: DatasetPicture[] = [];
  for (let n = 1; n <= pictures; n++) {
    const name = `image_${n}`;
    const value = row[name] as { bytes?: unknown; path?: unknown } | null | undefined;
    if (row[name] === undecodable) {
      if (texts.some((text) => text.includes(`<image ${n}>`)))
        throw new ItemError(`shows <image ${n}>, whose column cannot be decoded`);
      continue;
    }
    if (value === null || value === undefined || (value.bytes == null && value.path == null)) continue;
    if (!(value.bytes instanceof Uint8Array)) throw new ItemError(`has no bytes for its ${name}`);
    // A copy: the library's arrays are views of the whole column.
    found.push(await checkedPicture(name, value.bytes.slice()));
  }
  return found;
}
