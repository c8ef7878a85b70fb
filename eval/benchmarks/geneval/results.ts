import { readEntries } from '../../json';
import { asciiJson, pythonJson, PythonFloat, type PythonJson } from '../../python/json';
import { pythonText } from '../../python/text';
import { show, type Problem } from '../problem';
import { objectOf, parseMetadata, parseObject } from './parse';
import { metadataLine } from './prompts';
import type { ScoredImage } from './summary';
import type { ImageResult, Metadata, Verdict } from './types';
import { UnjudgeableError } from './verdict';

/** A line of results as the official summary reads it, which looks at little of it. */
export interface ResultLine extends ScoredImage, Verdict {
  filename: string;
  prompt: string;
  details: ImageResult['details'];
}

/** The lines of an official results.jsonl that can be used. */
export interface Results {
  results: ResultLine[];
  /** Lines that cannot be used and count for nothing, and lines that count and should not. */
  problems: Problem[];
  /** Lines that name a file which an earlier line names; they count, as in the official script. */
  repeatedFiles: number;
}

/** Reads the official results.jsonl; blank lines are passed over. */
export function readResults(text: string): Results {
  const read: Results = { results: [], problems: [], repeatedFiles: 0 };
  const places = new Map<string, string>();
  const repeated: Problem[] = [];
  for (const entry of readEntries(text)) {
    const { where } = entry;
    try {
      const result = resultOf(objectOf(entry));
      read.results.push(result);
      const { filename, tag } = result;
      if (tag === null) read.problems.push({ where, reason: 'has no tag: it counts in no task' });
      const earlier = places.get(filename);
      if (earlier !== undefined) {
        read.repeatedFiles++;
        repeated.push({ where, reason: `names ${filename}, as ${earlier} does` });
      } else if (filename !== '') places.set(filename, where);
    } catch (error) {
      if (!(error instanceof UnjudgeableError)) throw error;
      read.problems.push({ where, reason: error.message });
    }
  }
  read.problems.push(...repetition(repeated));
  return read;
}

/** One problem for all: where shards overlap, there are hundreds. */
function repetition([first, ...more]: readonly Problem[]): Problem[] {
  if (first === undefined) return [];
  const also = more.length === 0 ? '' : `, and ${more.length} more lines name files of earlier lines`;
  return [{ ...first, reason: `${first.reason}${also}: they count again, as in the official script` }];
}

function resultOf(line: Record<string, unknown>): ResultLine {
  const { filename, tag, prompt, correct, reason, metadata, details } = line;
  // To Python 1 is True.
  if (typeof correct !== 'boolean' && correct !== 0 && correct !== 1)
    throw new UnjudgeableError(`has no verdict: correct is ${show(correct)}`);
  return {
    filename: textOr(filename),
    tag: tag === undefined || tag === null ? null : pythonText(tag),
    prompt: textOr(prompt),
    correct: correct === true || correct === 1,
    reason: textOr(reason),
    ...promptOf(metadata),
    details: detailsOf(details),
  };
}

/** The official summary takes lines of one text for one prompt, whatever the text says. */
function promptOf(metadata: unknown): Pick<ResultLine, 'metadata' | 'text'> {
  if (metadata === undefined || metadata === null) return { metadata: null, text: null };
  const text = typeof metadata === 'string' ? metadata : pythonJson(metadata as PythonJson);
  return { metadata: metadataOrNull(metadata), text };
}

function metadataOrNull(value: unknown): Metadata | null {
  try {
    return parseMetadata(value);
  } catch (error) {
    if (!(error instanceof UnjudgeableError)) throw error;
    return null;
  }
}

/** The summary does not need them, so results of other tools may lack them, or have others. */
function detailsOf(details: unknown): ImageResult['details'] {
  if (typeof details !== 'string') return (details ?? {}) as ImageResult['details'];
  try {
    return parseObject(details) as ImageResult['details'];
  } catch (error) {
    if (!(error instanceof UnjudgeableError)) throw error;
    return {};
  }
}

const textOr = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A results.jsonl as the official script writes it (pandas: ASCII, with escaped slashes). */
export function writeResults(results: readonly ImageResult[]): string {
  return results
    .map(({ filename, tag, prompt, correct, reason, metadata, details }) => {
      const floats = Object.fromEntries(
        Object.entries(details).map(([name, boxes]) => [
          name,
          // A 32-bit array as Python lists it: `0.9` reads 0.8999999761581421.
          boxes.map((box) => box.map((value) => new PythonFloat(Math.fround(value)))),
        ]),
      );
      const line = { filename, tag, prompt, correct, reason, metadata: metadataLine(metadata) };
      return `${asciiJson({ ...line, details: pythonJson(floats) }).replaceAll('/', '\\/')}\n`;
    })
    .join('');
}
