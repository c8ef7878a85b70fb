import { z } from 'zod';
import { boundedSchema, parameterShape } from '../../models/runtime/parameter-schema';
import { parametersOf, type Parameter, type ParameterKey } from '../../models/runtime/parameters';
import { languageSchema, taskSchema } from './schema';

/**
 * Reads how an image was made from the text chunks of its PNG. For the browser: no imports but zod, the schema and
 * the table of parameters.
 * The writer is models/runtime/image/png-settings.ts. The file comes from anywhere, so nothing in it is believed: no
 * more than a window of the file is in memory, texts that grow when they are decompressed are cut off, and whatever
 * does not fit is null.
 */

const windowBytes = 256 * 1024;
/** Encoders write image data in chunks of 8 kB and more, and texts may stand behind them. */
const mostChunks = 100_000;
const ownTextBytes = 64 * 1024;
/** What Pillow decompresses at most (PngImagePlugin.MAX_TEXT_CHUNK), and so the web UI. */
const webUiTextBytes = 1024 * 1024;
/** Keeps the search for pairs short, whatever stands in the line. */
const lastLineLength = 64 * 1024;
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const ownKeyword = 'nexus-gen-studio';
const webUiKeyword = 'parameters';

/** Parameters of pictures: an edit takes all of them. */
const ofPictures = parametersOf('edit');
const isText = ({ type }: Parameter) => type === 'text';

/** The text that the web UI's form has on lines of its own. */
const negativeText = ofPictures.find((parameter) => isText(parameter) && parameter.webUi?.common);
const negativeLabel = `${negativeText?.webUi?.label}:`;

/** Texts stand beside the prompt; others than these are left out. */
const valuesShape = (list: readonly Parameter[]) =>
  parameterShape<ParameterKey>(list, (parameter) => boundedSchema(parameter, undefined));

const ownSchema = z
  .object({
    format: z.literal(1),
    task: taskSchema.exclude(['understand']),
    prompt: z.string().min(1),
    ...valuesShape(ofPictures.filter(isText)),
    language: languageSchema,
    parameters: z.object(valuesShape(ofPictures.filter((parameter) => !isText(parameter)))),
    model: z.string(),
    version: z.string(),
  })
  .transform(({ format: _, task, prompt, language, parameters, model, version, ...texts }) => ({
    ...{ task, prompt, language, model, version },
    parameters: { ...parameters, ...texts },
  }));

export type PngSettings = z.output<typeof ownSchema> & {
  /** What the file says beyond that, as `Name: value`: settings that mean nothing here, or values that do not fit. */
  notTaken: string[];
};

/**
 * The settings of an image made here, or, as far as they mean something here, by AUTOMATIC1111's web UI and what
 * follows its form. Numbers are not held against the model's limits. Null for any other file; rejects only where
 * the file itself cannot be read.
 */
export async function readPngSettings(file: Blob): Promise<PngSettings | null> {
  const texts = await readTexts(file);
  return fromJson(texts.get(ownKeyword)) ?? fromWebUi(texts.get(webUiKeyword));
}

function fromJson(text: string | undefined): PngSettings | null {
  if (text === undefined) return null;
  const parsed = ownSchema.safeParse(parseJson(text));
  return parsed.success ? { ...parsed.data, notTaken: [] } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A name, a colon, and a value up to the next comma; in quotes, where it has commas itself. */
const pair = /([\p{L}\p{N}_][\p{L}\p{N}_ \-/]{1,100}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)/gu;

/**
 * "prompt\nNegative prompt: …\nSteps: 12, Sampler: …, CFG scale: 1, Seed: 7, Size: 256x256, Model: …"
 *
 * Read as the web UI's own `parse_generation_parameters` (modules/infotext_utils.py) does: the last line holds the
 * settings if it has at least three pairs, whichever comes first. Savers of other programs write fewer; theirs begin
 * with the steps.
 */
function fromWebUi(text: string | undefined): PngSettings | null {
  const lines = text?.trim().split('\n') ?? [];
  const last = (lines.at(-1) ?? '').slice(0, lastLineLength);
  const pairs = [...last.matchAll(pair)].map(([, name = '', value = '']) => [name, unquoted(value)] as const);
  const hasSettings = pairs.length >= 3 || /^Steps: \d/.test(last);
  if (hasSettings) lines.pop();
  const prompts: string[] = [];
  const negatives: string[] = [];
  let isNegative = false;
  for (const line of lines.map((one) => one.trim())) {
    const begins = line.startsWith(negativeLabel);
    isNegative ||= begins;
    (isNegative ? negatives : prompts).push(begins ? line.slice(negativeLabel.length).trim() : line);
  }
  const prompt = prompts.join('\n').trim();
  const negative = negatives.join('\n').trim();
  // A text without any sign of the form is a comment.
  if (prompt === '' || !(hasSettings || isNegative)) return null;
  const values = new Map(hasSettings ? pairs : []);
  const parameters: Record<string, number | string> = {};
  const sides = ofPictures.filter(({ type }) => type === 'size').map(({ key }) => key);
  const size = /^(\d{1,5})x(\d{1,5})$/
    .exec(values.get('Size')?.trim() ?? '')
    ?.slice(1)
    .map(Number);
  if (size?.every((side) => side > 0)) {
    sides.forEach((key, index) => (parameters[key] = size[index] ?? 0));
    values.delete('Size');
  }
  for (const parameter of ofPictures) {
    const { key, webUi, max } = parameter;
    if (!webUi?.common || isText(parameter)) continue;
    const written = values.get(webUi.label)?.trim() ?? '';
    const value = /^\d{1,15}(\.\d{1,15})?$/.test(written) ? Number(written) : NaN;
    if (!boundedSchema(parameter, max?.webUi).safeParse(value).success) continue;
    parameters[key] = value;
    values.delete(webUi.label);
  }
  if (negativeText && negative !== '') parameters[negativeText.key] = negative;
  const model = values.get('Model') ?? '';
  const version = values.get('Model version') ?? '';
  // Which program wrote the file is no setting.
  for (const name of ['Model version', 'Version']) values.delete(name);
  return {
    task: 'generate',
    prompt,
    language: /\p{Script=Han}/u.test(prompt) ? 'zh' : 'en',
    parameters,
    model,
    version,
    notTaken: [...values].map(([name, value]) => `${name}: ${value}`),
  };
}

function unquoted(value: string): string {
  const plain = value.startsWith('"') && value.endsWith('"') ? parseJson(value) : value;
  return typeof plain === 'string' ? plain : value;
}

/** The last text of each keyword that is asked for, wherever in the file it stands: a later one replaces an earlier. */
async function readTexts(file: Blob): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  let window = new Uint8Array(0);
  let windowAt = 0;
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    if (from < windowAt || to > windowAt + window.length) {
      window = new Uint8Array(await file.slice(from, Math.max(to, from + windowBytes)).arrayBuffer());
      windowAt = from;
    }
    return window.subarray(from - windowAt, to - windowAt);
  };
  const head = await read(0, signature.length);
  if (signature.some((byte, i) => head[i] !== byte)) return texts;
  for (let at = 8, n = 0; n < mostChunks && at + 12 <= file.size; n++) {
    const start = await read(at, at + 8);
    const length = new DataView(start.buffer, start.byteOffset).getUint32(0);
    const type = latin1(start.subarray(4));
    if (at + 12 + length > file.size || type === 'IEND') break;
    if (isTextType(type) && length <= webUiTextBytes) {
      const found = await textOf(type, await read(at + 8, at + 8 + length));
      if (found) texts.set(found.keyword, found.text);
    }
    at += 12 + length;
  }
  return texts;
}

type TextType = 'tEXt' | 'zTXt' | 'iTXt';
const isTextType = (type: string): type is TextType => type === 'tEXt' || type === 'zTXt' || type === 'iTXt';

/** The forms of a text in a PNG (PNG specification, 11.3.3): Latin-1, the same compressed, UTF-8 either way. */
async function textOf(type: TextType, data: Uint8Array): Promise<{ keyword: string; text: string } | null> {
  const end = data.subarray(0, 80).indexOf(0);
  if (end < 1) return null;
  const keyword = latin1(data.subarray(0, end));
  if (keyword !== ownKeyword && keyword !== webUiKeyword) return null;
  const most = keyword === ownKeyword ? ownTextBytes : webUiTextBytes;
  let isCompressed = type === 'zTXt';
  let method = isCompressed ? data[end + 1] : 0;
  let at = end + (isCompressed ? 2 : 1);
  if (type === 'iTXt') {
    // Compression flag, its method, then language and translated keyword, each up to a zero.
    isCompressed = data[end + 1] !== 0;
    method = isCompressed ? data[end + 2] : 0;
    const language = data.indexOf(0, end + 3);
    at = language < 0 ? 0 : data.indexOf(0, language + 1) + 1;
    if (at === 0) return null;
  }
  if (method !== 0) return null;
  const bytes = isCompressed ? await inflated(data.subarray(at), most) : data.subarray(at);
  if (!bytes || bytes.length > most) return null;
  if (type !== 'iTXt') return { keyword, text: latin1(bytes) };
  try {
    return { keyword, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return null;
  }
}

/** What was compressed with zlib; null where it is spoilt, or larger than `most` bytes. */
async function inflated(bytes: Uint8Array, most: number): Promise<Uint8Array | null> {
  const reader = new Blob([new Uint8Array(bytes)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  const parts: Uint8Array[] = [];
  try {
    for (let size = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > most) {
        await reader.cancel();
        return null;
      }
      parts.push(value);
    }
  } catch {
    return null;
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

// What browsers call latin1 is windows-1252, which differs.
const latin1 = (bytes: Uint8Array) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
