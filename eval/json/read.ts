import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { decodeText, decodeUtf8 } from './decode';
import { parseJson, type Parsed } from './parse';

/** One value of a file, or why it cannot be read. */
export type JsonEntry = Parsed & {
  /** `line 7`, or of a list `entry 3` or `entry 3 (line 12)`. */
  where: string;
  /** From 1. */
  line: number;
};

/** Ends of lines as Python's text files have them. */
const ends = /\r\n|\n|\r/;

/**
 * The values of a file, in order: of JSON lines one a line, blank ones passed over; of a JSON list its entries; one
 * object. What cannot be read is an entry with an `error`, and the others come all the same.
 */
export function readEntries(text: string): JsonEntry[] {
  const plain = text.replace(/^\ufeff/, '');
  const lines = linesOf(plain);
  const [first] = lines;
  if (first === undefined) return [];
  const kind = plain.trimStart()[0];
  if (kind === '[' && (lines.length === 1 || parseJson(first.text).error !== undefined)) {
    // Lines of which the first is damaged look like a list that is.
    const isLines =
      lines.length > 1 && lines.slice(1).every((one) => parseJson(one.text).error === undefined);
    if (!isLines) return listEntries(plain);
  }
  if (kind === '{' && lines.length > 1) {
    const whole = parseJson(plain);
    if (whole.error === undefined) return [{ ...whole, where: `line ${first.line}`, line: first.line }];
  }
  return lines.map(entryOf);
}

const entryOf = ({ text, line }: { text: string; line: number }): JsonEntry => ({
  ...parseJson(text, line),
  where: `line ${line}`,
  line,
});

/**
 * The same of a file, whose lines come one by one, so that it never stands in memory as a whole; a list does.
 * @throws EncodingError, the file system's error
 */
export async function* streamEntries(path: string): AsyncGenerator<JsonEntry> {
  const start = decodeText(await beginningOf(path)).trimStart();
  if (start.startsWith('[')) {
    yield* readEntries(decodeText(await readFile(path)));
    return;
  }
  let line = 0;
  for await (const bytes of linesOfFile(path))
    for (const text of decodeUtf8(bytes).replace(/\r$/, '').split('\r')) {
      line++;
      if (text.trim() !== '') yield entryOf({ text, line });
    }
}

/** Enough to tell the encoding, and the first character of a file that begins with blank lines. */
const beginning = 4096;

async function beginningOf(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning), 0, beginning, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function* linesOfFile(path: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path)) {
    let left = chunk as Buffer;
    for (let end = left.indexOf(0x0a); end >= 0; end = left.indexOf(0x0a)) {
      yield Buffer.concat([...rest, left.subarray(0, end)]);
      rest = [];
      left = left.subarray(end + 1);
    }
    rest.push(left);
  }
  yield Buffer.concat(rest);
}

function linesOf(text: string): { text: string; line: number }[] {
  return text
    .split(ends)
    .map((one, i) => ({ text: one, line: i + 1 }))
    .filter(({ text: one }) => one.trim() !== '');
}

function listEntries(text: string): JsonEntry[] {
  const parts = partsOf(text);
  const lastLine = parts.at(-1)?.line ?? 1;
  return parts.map(({ text: one, line, problem }, i) => {
    const where = lastLine === 1 ? `entry ${i + 1}` : `entry ${i + 1} (line ${line})`;
    return problem === undefined ? { ...parseJson(one, line), where, line } : { error: problem, where, line };
  });
}

interface Part {
  text: string;
  /** From 1. */
  line: number;
  /** Why it is no part of the list. */
  problem?: string;
}

const marks = /["[\]{},]|\r\n|\n|\r/g;
/**
 * From after a quotation mark to the one that ends the text. Where there is none on the line, the mark is one too many,
 * since a text has no ends of lines.
 */
const restOfText = /[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/y;

/**
 * The texts between the commas of the outermost list or object, with no look at what they are, so that one that is
 * damaged costs none of the others; none where the text begins with no bracket.
 */
export function partsOf(text: string): Part[] {
  const open = /^[\ufeff\s]*([[{])/.exec(text);
  if (!open) return [];
  const parts: Part[] = [];
  let from = open[0].length;
  let line = text.slice(0, from).split(ends).length;
  let startLine = line;
  let depth = 0;
  const push = (to: number, problem?: string): void => {
    const part = text.slice(from, to);
    const before = /^\s*/.exec(part)![0];
    if (part.trim() !== '')
      parts.push({ text: part.trim(), line: startLine + before.split(ends).length - 1, problem });
  };
  marks.lastIndex = from;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const [at] = mark;
    if (at === '"') {
      restOfText.lastIndex = marks.lastIndex;
      marks.lastIndex += restOfText.exec(text)?.[0].length ?? 0;
    } else if (at === '[' || at === '{') depth++;
    else if ((at === ']' || at === '}') && depth > 0) depth--;
    else if (at === ',' && depth === 0) {
      push(mark.index);
      from = mark.index + 1;
      startLine = line;
    } else if (at === ']' || at === '}') {
      push(mark.index);
      [from, startLine] = [mark.index + 1, line];
      push(text.length, `it stands after the end of the ${open[1] === '[' ? 'list' : 'object'}`);
      return parts;
    } else if (at !== ',') line++;
  }
  push(text.length, 'the file ends within it');
  return parts;
}
