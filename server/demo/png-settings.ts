import { z } from 'zod';
import { decoderSchema, languageSchema, taskSchema } from './schema';

/**
 * Reads how a picture was made from the text chunks of its PNG. For the browser: no imports but zod and the schema.
 * The writer is models/runtime/image/png-settings.ts. The file comes from anywhere, so nothing in it is believed: the
 * head of the file alone is looked at, compressed texts are left alone, and whatever does not fit is null.
 */

const headBytes = 256 * 1024;
const mostChunks = 64;
const textBytes = 64 * 1024;
const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const ownKeyword = 'nexus-gen-studio';
const webUiKeyword = 'parameters';

/** The parameters that a job stores; others are left out. */
const parametersSchema = z.object({
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  steps: z.int().positive().optional(),
  guidance: z.number().nonnegative().optional(),
  seed: z.int().nonnegative().optional(),
  decoder: decoderSchema.optional(),
});

const ownSchema = z.object({
  format: z.literal(1),
  task: taskSchema.exclude(['understand']),
  prompt: z.string().min(1),
  negativePrompt: z.string().optional(),
  language: languageSchema,
  parameters: parametersSchema,
  model: z.string(),
  version: z.string(),
});

export type PngSettings = Omit<z.infer<typeof ownSchema>, 'format'>;

/**
 * The settings of a picture made here, or, as far as they mean something here, by AUTOMATIC1111's web UI and what
 * follows its form. Numbers are not held against the model's limits. Null for any other bytes; never throws.
 */
export function readPngSettings(bytes: Uint8Array): PngSettings | null {
  const texts = readTexts(bytes.subarray(0, headBytes));
  return fromJson(texts.get(ownKeyword)) ?? fromWebUi(texts.get(webUiKeyword));
}

function fromJson(text: string | undefined): PngSettings | null {
  if (text === undefined) return null;
  const parsed = ownSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { format: _format, ...settings } = parsed.data;
  return settings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** "prompt\nNegative prompt: …\nSteps: 12, Sampler: …, CFG scale: 1, Seed: 7, Size: 256x256, Model: …" */
function fromWebUi(text: string | undefined): PngSettings | null {
  const lines = text?.trim().split('\n') ?? [];
  const last = lines.pop() ?? '';
  if (!/^Steps: \d/.test(last)) return null;
  const negativeAt = lines.findIndex((line) => line.startsWith('Negative prompt:'));
  const prompt = lines
    .slice(0, negativeAt < 0 ? undefined : negativeAt)
    .join('\n')
    .trim();
  const negative =
    negativeAt < 0 ? '' : lines.slice(negativeAt).join('\n').slice('Negative prompt:'.length).trim();
  if (prompt === '') return null;
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of last.matchAll(
    /([A-Za-z][\w /-]{0,40}): ("(?:\\.|[^"\\])*"|[^,]*)/g,
  ))
    values.set(name, unquoted(value));
  const number = (name: string) => {
    const value = values.get(name);
    return value !== undefined && /^\d{1,10}(\.\d{1,10})?$/.test(value) ? Number(value) : undefined;
  };
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(values.get('Size') ?? '') ?? [];
  const parameters = parametersSchema.safeParse({
    ...(width && height ? { width: Number(width), height: Number(height) } : {}),
    ...withoutUndefined({ steps: number('Steps'), guidance: number('CFG scale'), seed: number('Seed') }),
  });
  if (!parameters.success) return null;
  return {
    task: 'generate',
    prompt,
    ...(negative === '' ? {} : { negativePrompt: negative }),
    language: /\p{Script=Han}/u.test(prompt) ? 'zh' : 'en',
    parameters: parameters.data,
    model: values.get('Model') ?? '',
    version: values.get('Model version') ?? '',
  };
}

function unquoted(value: string): string {
  const plain = value.startsWith('"') ? parseJson(value) : value;
  return typeof plain === 'string' ? plain : value;
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));

/** The first text of each keyword that is asked for. */
function readTexts(head: Uint8Array): Map<string, string> {
  const texts = new Map<string, string>();
  if (signature.some((byte, i) => head[i] !== byte)) return texts;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 8, n = 0; n < mostChunks && at + 12 <= head.length; n++) {
    const length = view.getUint32(at);
    const type = latin1(head.subarray(at + 4, at + 8));
    if (at + 12 + length > head.length || type === 'IEND') break;
    if ((type === 'tEXt' || type === 'iTXt') && length <= textBytes) {
      const found = textOf(type, head.subarray(at + 8, at + 8 + length));
      if (found && !texts.has(found.keyword)) texts.set(found.keyword, found.text);
    }
    at += 12 + length;
  }
  return texts;
}

function textOf(type: 'tEXt' | 'iTXt', data: Uint8Array): { keyword: string; text: string } | null {
  const end = data.subarray(0, 80).indexOf(0);
  if (end < 1) return null;
  const keyword = latin1(data.subarray(0, end));
  if (keyword !== ownKeyword && keyword !== webUiKeyword) return null;
  if (type === 'tEXt') return { keyword, text: latin1(data.subarray(end + 1)) };
  // Compression flag, its method, then language and translated keyword, each up to a zero.
  if (data[end + 1] !== 0) return null;
  const language = data.indexOf(0, end + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(translated + 1));
    return { keyword, text };
  } catch {
    return null;
  }
}

// What browsers call latin1 is windows-1252, which differs.
const latin1 = (bytes: Uint8Array) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
