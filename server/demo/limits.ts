import { RequestError } from '../../models/runtime/errors';
import type { Manifest } from '../../models/runtime/manifest';
import { prepareRequest, sizeForEdit, type RequestInput } from '../../models/runtime/validate';
import { parameterNamed, parameters, parametersOf, valuesOf } from '../../models/runtime/parameters';
import type { RgbImage } from '../../models/runtime/types';
import type { ModelInfo, SubmitInput } from './schema';

/** A request that passed the manifest's limits: what the row of the job stores. */
export interface Prepared {
  prompt: string;
  language: 'en' | 'zh';
  parameters: Record<string, number | string>;
}

type Limit = ModelInfo['parameters']['steps'];

/** Sizes are checked apart, so the pixels are not needed here. */
const anyPixel: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };

/**
 * @param source the size of the source picture, or null.
 * @throws RequestError (models/runtime/errors.ts) naming the field, the value and the range.
 */
export function prepareSubmit(
  manifest: Manifest,
  input: SubmitInput,
  source: { width: number; height: number } | null,
): Prepared {
  const { task, prompt, language } = input;
  const taken = parametersOf(task);
  for (const parameter of parameters) {
    const text =
      parameter.type === 'text' && !taken.includes(parameter) && input[parameter.key as 'negativePrompt'];
    // A number that means nothing is left out in silence; what somebody wrote is not.
    if (text && text.trim())
      throw new RequestError(
        'parameter_invalid',
        parameter.key,
        `${parameter.key}: not supported for questions. Leave it out.`,
      );
  }
  const ready = prepareRequest(manifest, {
    ...{ task, prompt, language: language === 'auto' ? undefined : language, image: source && anyPixel },
    // What is asked for comes last: it is stronger than the source's own size.
    ...(source && task === 'edit' && sizeForEdit(manifest, source)),
    ...valuesOf(input, taken),
  } as RequestInput);
  return { prompt: ready.prompt, language: ready.language, parameters: valuesOf(ready, taken) };
}

/** What the page needs to know of a manifest. */
export function modelInfo(
  model: { manifest: Manifest; hash: string },
  running: Pick<ModelInfo, 'device' | 'ready' | 'memory'> = { device: 'none', ready: false, memory: null },
): ModelInfo {
  const { manifest, hash } = model;
  const ranges: Record<string, unknown> = manifest.parameters;
  const limits = parameters.flatMap(({ limits = [] }) =>
    limits.flatMap(({ name, entry }): [string, Limit][] => {
      const range = ranges[entry] as (Omit<Limit, 'default'> & { default?: number }) | undefined;
      return range ? [[name, { ...range, default: range.default ?? range.min }]] : [];
    }),
  );
  const { max: longest } = manifest.parameters.prompt_length;
  const scales = parameterNamed('guidance')?.limits?.map(({ name }) => new Map(limits).get(name)?.max ?? 0);
  return {
    name: manifest.name,
    version: manifest.version,
    hash,
    notice: manifest.notice,
    noticeZh: manifest.notice_zh ?? null,
    languages: manifest.languages,
    ...running,
    parameters: {
      ...Object.fromEntries(limits),
      promptLength: { min: 1, max: longest, default: longest },
    } as ModelInfo['parameters'],
    defaultDecoder: manifest.default_decoder,
    negativePrompt: Math.max(...(scales ?? [])) > 1,
    polishing: manifest.polishing?.by ?? null,
    worldError: manifest.world?.reconstruction_error ?? null,
    words: manifest.guide?.words ?? null,
    hints: manifest.guide?.hints ?? {},
  };
}
