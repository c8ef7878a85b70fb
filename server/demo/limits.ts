import { RequestError } from '../../models/runtime/errors';
import type { Manifest } from '../../models/runtime/manifest';
import { prepareRequest, sizeForEdit } from '../../models/runtime/validate';
import type { RgbImage } from '../../models/runtime/types';
import type { ModelInfo, SubmitInput } from './schema';

/** A request that passed the manifest's limits: what the row of the job stores. */
export interface Prepared {
  prompt: string;
  language: 'en' | 'zh';
  parameters: Record<string, number | string>;
}

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
  const fitted = source && input.task === 'edit' ? sizeForEdit(manifest, source) : undefined;
  const { task, prompt: _p, language, negativePrompt, ...parameters } = input;
  if (task === 'understand' && negativePrompt?.trim())
    throw new RequestError(
      'parameter_invalid',
      'negativePrompt',
      'negativePrompt: not supported for questions. Leave it out.',
    );
  const common = { prompt: input.prompt, language: language === 'auto' ? undefined : language };
  const { width, height, steps, guidance, seed, decoder, maxNewTokens } = parameters;
  const ready =
    task === 'understand'
      ? prepareRequest(manifest, { ...common, task, maxNewTokens, image: source && anyPixel })
      : task === 'generate'
        ? prepareRequest(manifest, { ...common, task, negativePrompt, width, height, steps, guidance, seed })
        : prepareRequest(manifest, {
            ...common,
            task,
            image: anyPixel,
            width: width ?? fitted?.width,
            height: height ?? fitted?.height,
            ...{ negativePrompt, steps, guidance, seed, decoder },
          });
  const stored: Prepared['parameters'] = {};
  for (const [name, value] of Object.entries(ready))
    if (!['task', 'prompt', 'language', 'image'].includes(name)) stored[name] = value as number | string;
  return { prompt: ready.prompt, language: ready.language, parameters: stored };
}

/** What the page needs to know of a manifest. */
export function modelInfo(
  model: { manifest: Manifest; hash: string },
  running: { device: string; ready: boolean },
): ModelInfo {
  const { manifest, hash } = model;
  const p = manifest.parameters;
  return {
    name: manifest.name,
    version: manifest.version,
    hash,
    notice: manifest.notice,
    noticeZh: manifest.notice_zh ?? null,
    languages: manifest.languages,
    ...running,
    parameters: {
      width: p.width,
      height: p.height,
      steps: p.steps,
      guidanceGeneration: p.guidance_generation,
      guidanceEditing: p.guidance_editing,
      seed: { ...p.seed, default: p.seed.default ?? p.seed.min },
      maxNewTokens: p.max_new_tokens,
      promptLength: { min: 1, max: p.prompt_length.max, default: p.prompt_length.max },
    },
    defaultDecoder: manifest.default_decoder,
    negativePrompt: Math.max(p.guidance_generation.max, p.guidance_editing.max) > 1,
    polishing: manifest.polishing?.by ?? null,
    worldError: manifest.world?.reconstruction_error ?? null,
    words: manifest.guide?.words ?? null,
    hints: manifest.guide?.hints ?? {},
  };
}
