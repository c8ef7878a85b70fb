import { asciiJson, pythonJson, PythonFloat } from '../../python/json';
import type { Problem } from '../problem';
import { parseMetadata, parseObject, parseTag } from './parse';
import { metadataLine } from './prompts';
import type { ImageResult } from './types';
import { UnjudgeableError } from './verdict';

/** The lines of an official results.jsonl that can be used. */
export interface Results {
  results: ImageResult[];
  /** Lines that cannot; they count for nothing. */
  problems: Problem[];
  /** Lines that name a file which an earlier line names; they count, as in the official script. */
  repeatedFiles: number;
}

/** Reads the official results.jsonl; blank lines are passed over. */
export function readResults(text: string): Results {
  const results: ImageResult[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    try {
      results.push(parseResult(line));
    } catch (error) {
      if (!(error instanceof UnjudgeableError)) throw error;
      problems.push({ where: `line ${index + 1}`, reason: error.message });
    }
  }
  const names = results.map(({ filename }) => filename).filter((name) => name !== '');
  return { results, problems, repeatedFiles: names.length - new Set(names).size };
}

function parseResult(line: string): ImageResult {
  const { filename, tag, prompt, correct, reason, metadata, details } = parseObject(line);
  if (typeof correct !== 'boolean')
    throw new UnjudgeableError(`has no verdict: correct is ${JSON.stringify(correct)}`);
  return {
    filename: textOr(filename),
    tag: parseTag(tag),
    prompt: textOr(prompt),
    correct,
    reason: textOr(reason),
    metadata: parseMetadata(metadata),
    // The summary does not need them, so results of other tools may lack them.
    details: (typeof details === 'string' ? parseObject(details) : (details ?? {})) as ImageResult['details'],
  };
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
