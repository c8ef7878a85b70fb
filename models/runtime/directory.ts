/**
 * What every directory with a `manifest.json` has in common, a model's and an evaluator's: graphs, and a list of
 * files with their hashes. Nothing here loads the native runtime, so a web server may import it.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from './errors';

export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'must be a path inside the directory')
  .refine((name) => !name.split('/').includes('..'), 'must be a path inside the directory');

const tensorSpec = z.object({
  dtype: z.enum(['float32', 'float16', 'int64', 'int32', 'bool', 'uint8']),
  /** Numbers, or names for what differs from call to call. */
  shape: z.array(z.union([z.int().nonnegative(), z.string()])),
});

/** Devices that may have a form of a graph of their own. */
export const formDevices = ['cuda', 'webgpu'] as const;

/** The same graph as a device wants it: other operators, another arithmetic, more inputs. */
const graphForm = z.object({
  file: fileName,
  /** By default the graph’s, as are the others. */
  memory: z.int().nonnegative().optional(),
  inputs: z.record(z.string(), tensorSpec).optional(),
  outputs: z.record(z.string(), tensorSpec).optional(),
});

/** What weights can be stored as, `as-is` as they were downloaded. */
export const storedPrecisions = ['as-is', 'f32', 'f16', 'int8', 'int4'] as const;
export type StoredPrecision = (typeof storedPrecisions)[number];

export const graphSpec = z.object({
  file: fileName,
  forms: z.partialRecord(z.enum(formDevices), graphForm).optional(),
  /**
   * The folder from which the graph names the files that have its weights: an absolute path, or one from the directory. Used where they lie.
   */
  weights: z.string().min(1).optional(),
  /** Bytes that its weights take where it runs; by default those of its file. */
  memory: z.int().nonnegative().optional(),
  /** Weights of linear layers are in blocks of so many numbers, of so many bits each. */
  quantised: z.object({ bits: z.union([z.literal(4), z.literal(8)]), block: z.int().positive() }).optional(),
  /** Bytes of its weights in every precision that they could be stored in, for people: what would fit. */
  sizes: z.record(z.enum(storedPrecisions), z.int().nonnegative()).optional(),
  inputs: z.record(z.string(), tensorSpec),
  outputs: z.record(z.string(), tensorSpec),
});

/** A graph as it is on a device. */
export function specOn(device: string, spec: GraphSpec): GraphSpec {
  const form = spec.forms?.[device as (typeof formDevices)[number]];
  return form ? { ...spec, ...form } : spec;
}

/** What the weights of a graph take on a device, in bytes. @param files of its directory */
export function bytesOn(device: string, spec: GraphSpec, files: FileList): number {
  const { memory, file } = specOn(device, spec);
  return memory ?? files[file]?.bytes ?? 0;
}

/** The files of a graph on all devices. */
export const filesOf = ({ file, forms = {} }: GraphSpec): string[] => [
  ...new Set([file, ...Object.values(forms).map((form) => form.file)]),
];

/** The field `files` of a manifest: every file of the directory but the manifest itself. */
export const fileList = z.record(
  fileName,
  z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
);

/**
 * The field `sources` of a manifest: files elsewhere that have the graphs' weights, by absolute paths. Their sums take minutes,
 * so that size and time of change stand for them once they are known.
 */
export const sourceList = z.record(
  z.string().min(1),
  z.object({
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().nonnegative(),
    /** In milliseconds since 1970. */
    modified: z.number(),
  }),
);

/** The field `parts` of a manifest: what the weights are, for people. */
export const partSizes = z.record(
  z.string(),
  z.object({
    parameters: z.int().nonnegative(),
    bytes: z.int().nonnegative(),
    dtypes: z.array(z.string()),
    /** Of the bytes, those that are in blocks (`quantised` of a graph). */
    quantised: z.int().nonnegative().optional(),
  }),
);

export type SourceList = z.infer<typeof sourceList>;
export type GraphSpec = z.infer<typeof graphSpec>;
export type GraphForm = z.infer<typeof graphForm>;
export type FileList = z.infer<typeof fileList>;

export interface LoadedDirectory<M> {
  dir: string;
  manifest: M;
  /**
   * sha256 of manifest.json, in hex, where the kind is placeless without paths and times of files elsewhere. It names every other
   * file's hash, so it stands for the whole directory.
   */
  hash: string;
}

/** What the messages say about the directory. */
export interface DirectoryKind {
  /** E.g. `model`. */
  noun: string;
  /** What to do when there is none. */
  missing: string;
  /**
   * Whether a directory over files elsewhere is the same wherever they lie: its hash then leaves out their paths and times. Their
   * sums stay in it.
   */
  isPlaceless?: boolean;
}

/**
 * Reads `dir/manifest.json` and checks that every listed file is there, whole and unaltered.
 * @param options.verify `hashes` (default) reads every file up to 256 MB; `sizes` compares lengths only, for a second load.
 * @throws ModelError `model_missing`, `manifest_invalid`, `model_file_missing` or `model_file_altered`.
 */
export async function readDirectory<M extends { files: FileList; sources?: SourceList }>(
  dir: string,
  schema: z.ZodType<M>,
  kind: DirectoryKind,
  options: { verify?: 'hashes' | 'sizes' } = {},
): Promise<LoadedDirectory<M>> {
  const path = join(dir, 'manifest.json');
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new ModelError(
      'model_missing',
      `No ${kind.noun} at ${dir}: ${path} cannot be read. ${kind.missing}`,
      { cause },
    );
  });
  const manifest = parseWith(schema, new TextDecoder().decode(bytes), path, kind.noun);
  for (const [name, expected] of Object.entries(manifest.files))
    await checkFile(dir, name, expected, kind.noun, options.verify ?? 'hashes');
  for (const [file, expected] of Object.entries(manifest.sources ?? {}))
    await checkSource(file, expected, kind.noun);
  const identity = kind.isPlaceless && manifest.sources ? placeless(bytes) : bytes;
  return { dir, manifest, hash: createHash('sha256').update(identity).digest('hex') };
}

/** A manifest without where and when, as text. */
function placeless(bytes: Uint8Array): string {
  const { sources, graphs, ...rest } = JSON.parse(new TextDecoder().decode(bytes)) as {
    sources: SourceList;
    graphs: Record<string, GraphSpec>;
  };
  return JSON.stringify({
    ...rest,
    graphs: Object.fromEntries(
      Object.entries(graphs).map(([name, graph]) => [name, { ...graph, weights: '' }]),
    ),
    sources: Object.values(sources)
      .map(({ sha256 }) => sha256)
      .sort(),
  });
}

/** @throws ModelError `manifest_invalid`, naming `path` and the first field that is wrong. */
export function parseWith<M>(schema: z.ZodType<M>, text: string, path: string, noun: string): M {
  const restore = `Restore the ${noun} directory or export the ${noun} again.`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ModelError('manifest_invalid', `${path} is not JSON. ${restore}`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'the whole file';
  throw new ModelError('manifest_invalid', `${path}: ${field}: ${issue?.message ?? 'invalid'}. ${restore}`);
}

/** Quantised weights have gigabytes, which nobody wants to read at each start: `npx studio model check` does. */
const hashedUpTo = 256e6;

async function checkFile(
  dir: string,
  name: string,
  expected: { sha256: string; bytes: number },
  noun: string,
  verify: 'hashes' | 'sizes',
): Promise<void> {
  const path = join(dir, name);
  const restore = `Restore the file (git checkout, or export the ${noun} again).`;
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : -1),
    () => -1,
  );
  if (size < 0) throw new ModelError('model_file_missing', `The ${noun} file ${path} is missing. ${restore}`);
  if (size !== expected.bytes)
    throw new ModelError(
      'model_file_altered',
      `The ${noun} file ${path} has ${size} bytes; the manifest says ${expected.bytes}. ${restore}`,
    );
  if (verify === 'hashes' && size <= hashedUpTo && (await sha256OfFile(path)) !== expected.sha256)
    throw new ModelError(
      'model_file_altered',
      `The ${noun} file ${path} was modified: its sha256 doesn’t match the manifest. ${restore}`,
    );
}

async function checkSource(file: string, expected: SourceList[string], noun: string): Promise<void> {
  const again = `If it was moved, move it back or make the ${noun} directory again.`;
  const found = await stat(file).catch(() => null);
  if (!found?.isFile())
    throw new ModelError('model_file_missing', `The weights ${file} are missing. ${again}`);
  if (found.size !== expected.bytes || Math.abs(found.mtimeMs - expected.modified) > 1)
    throw new ModelError(
      'model_file_altered',
      `The weights ${file} were changed after the ${noun} directory was made. Make it again.`,
    );
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
