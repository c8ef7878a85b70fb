import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  decodeImage,
  encodePng,
  keepable,
  loadModel,
  prepareRequest,
  type InferenceEvent,
  type InferenceModel,
  type InferenceRequest,
  type InferenceResult,
  type PictureSettings,
  type RequestInput,
  type RgbImage,
  type Timings,
  withPngSettings,
} from '../../models/runtime';
import type { CommonOptions, PictureOptions } from './options';
import { clearProgress } from './progress';
import { exitCodes, InputError, reportError } from './report';

export interface Outcome {
  model: InferenceModel;
  request: InferenceRequest;
  result: InferenceResult;
  /** Those of the request, and `load`: the model's loading in milliseconds. */
  timings: Timings;
}

/**
 * Runs one command; whatever is thrown becomes one line and an exit code.
 * @param work returns an exit code, or nothing for 0
 */
export async function asCommand(
  options: Pick<CommonOptions, 'json'>,
  finish: (code: number) => void,
  work: () => Promise<number | void>,
): Promise<void> {
  try {
    finish((await work()) ?? exitCodes.done);
  } catch (error) {
    finish(reportError(error, options.json ?? false));
  }
}

/**
 * Loads the model, checks the request against it, runs it once. Ctrl-C cancels between two steps.
 * @param change what a wish like --polish makes of the request once the model is known
 */
export async function runOnce<Input extends RequestInput>(
  options: CommonOptions,
  input: Input,
  onEvent: (event: InferenceEvent) => void,
  change: (model: InferenceModel, input: Input) => Promise<Input> = async (_model, same) => same,
): Promise<Outcome> {
  const cancel = new AbortController();
  const interrupt = () => cancel.abort();
  process.once('SIGINT', interrupt);
  const from = performance.now();
  const model = await loadModel(resolve(options.model), {
    device: options.device,
    threads: options.threads,
    memory: options.deviceMemory,
    sessions: 'needed',
  });
  try {
    const load = performance.now() - from;
    const request = prepareRequest(model.manifest, await change(model, input));
    const result = await model.run(request, { onEvent, signal: cancel.signal });
    return { model, request, result, timings: { load, ...result.timings } };
  } finally {
    process.off('SIGINT', interrupt);
    clearProgress();
    await model.close();
  }
}

/** @throws InputError when it cannot be read; ImageError when it is no usable picture. */
export async function readImage(path: string): Promise<RgbImage> {
  const file = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'file not found' : (error.code ?? error.message);
    throw new InputError(`Cannot read the image ${path}: ${reason}.`);
  });
  return decodeImage(await keepable(file));
}

/** The absolute path to write to. @throws InputError unless it ends in .png */
export function outputPath(options: PictureOptions, otherwise: string): string {
  const path = resolve(options.out ?? otherwise);
  if (!path.toLowerCase().endsWith('.png'))
    throw new InputError(`--out ${path}: the file name must end in .png.`);
  return path;
}

/** Writes the picture with its settings inside. Returns the sha256 of the file. */
export async function writeImage(path: string, image: RgbImage, settings: PictureSettings): Promise<string> {
  const png = withPngSettings(await encodePng(image), settings);
  await writeFile(path, png).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'its folder does not exist' : (error.code ?? error.message);
    throw new InputError(`Cannot write ${path}: ${reason}.`);
  });
  return createHash('sha256').update(png).digest('hex');
}

/** What every JSON result begins with. */
export function describe({ model, request }: Outcome): Record<string, unknown> {
  const { name, version } = model.manifest;
  return {
    task: request.task,
    model: { name, version, hash: model.hash },
    device: model.device,
    prompt: request.prompt,
    language: request.language,
  };
}

/** Milliseconds to a tenth. */
export function rounded(timings: Timings): Timings {
  return Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
}
