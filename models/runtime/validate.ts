/**
 * Checks a request against a manifest before anything is queued or computed, and fills in what was left out.
 * Nothing here loads the native runtime, so a web server may import it.
 */
import { RequestError } from './errors';
import type { Manifest } from './manifest';
import type { Decoder, InferenceRequest, Language, RgbImage } from './types';

/** A request as a person writes it: everything but the task and the prompt may be left out. */
export type RequestInput =
  | {
      task: 'generate';
      prompt: string;
      negativePrompt?: string;
      width?: number;
      height?: number;
      steps?: number;
      guidance?: number;
      seed?: number;
      language?: Language;
    }
  | {
      task: 'edit';
      prompt: string;
      negativePrompt?: string;
      image: RgbImage;
      decoder?: Decoder;
      steps?: number;
      guidance?: number;
      seed?: number;
      language?: Language;
      width?: number;
      height?: number;
    }
  | {
      task: 'understand';
      prompt: string;
      image?: RgbImage | null;
      maxNewTokens?: number;
      language?: Language;
    };

/**
 * The same request, checked, with a clean prompt and every default filled in. A seed that was left out becomes
 * the manifest's, or else a random one. An edit's size becomes the source's, brought inside the limits. An empty
 * negative prompt is none.
 * @throws RequestError naming the field, the value and the range.
 */
export function prepareRequest(manifest: Manifest, input: RequestInput): InferenceRequest {
  const prompt = cleanPrompt(manifest, input.prompt);
  const language = checkLanguage(manifest, input.language ?? languageOf(prompt, manifest));
  const limits = manifest.parameters;
  if (input.task === 'understand') {
    const maxNewTokens = input.maxNewTokens ?? limits.max_new_tokens.default;
    checkWhole('maxNewTokens', maxNewTokens, limits.max_new_tokens);
    const image = input.image ?? null;
    if (image) checkPixels(image);
    return { task: 'understand', prompt, image, maxNewTokens, language };
  }
  const steps = input.steps ?? limits.steps.default;
  checkWhole('steps', steps, limits.steps);
  const seed = input.seed ?? limits.seed.default ?? randomSeed(limits.seed);
  checkWhole('seed', seed, limits.seed);
  if (input.task === 'generate') {
    const guidance = input.guidance ?? limits.guidance_generation.default;
    checkReal('guidance', guidance, limits.guidance_generation);
    const width = input.width ?? limits.width.default;
    const height = input.height ?? limits.height.default;
    checkSize('width', width, limits.width);
    checkSize('height', height, limits.height);
    const negative = negativeOf(manifest, input.negativePrompt, limits.guidance_generation);
    return { task: 'generate', prompt, ...negative, width, height, steps, guidance, seed, language };
  }
  const decoder = input.decoder ?? manifest.default_decoder;
  if (decoder !== 'generation' && decoder !== 'editing')
    throw invalid('decoder', `${String(decoder)}: must be generation or editing`);
  const range = decoder === 'editing' ? limits.guidance_editing : limits.guidance_generation;
  const guidance = input.guidance ?? range.default;
  checkReal('guidance', guidance, range);
  checkPixels(input.image);
  const fitted = sizeForEdit(manifest, input.image);
  const width = input.width ?? fitted.width;
  const height = input.height ?? fitted.height;
  checkSize('width', width, limits.width);
  checkSize('height', height, limits.height);
  return {
    task: 'edit',
    prompt,
    ...negativeOf(manifest, input.negativePrompt, range),
    image: input.image,
    decoder,
    steps,
    guidance,
    seed,
    language,
    width,
    height,
  };
}

/**
 * The size of an edit's result when none is asked for: the source's, scaled down or up until it fits the
 * limits, each side rounded to its multiple. Only extreme aspect ratios change.
 */
export function sizeForEdit(
  manifest: Manifest,
  source: { width: number; height: number },
): { width: number; height: number } {
  const { width: w, height: h } = manifest.parameters;
  const shrink = Math.min(1, w.max / source.width, h.max / source.height);
  const grow = Math.max(1, w.min / source.width, h.min / source.height);
  const scale = shrink < 1 ? shrink : grow;
  return { width: toMultiple(source.width * scale, w), height: toMultiple(source.height * scale, h) };
}

/**
 * Removes control characters other than newline and tab and unpaired surrogates, and trims.
 * @throws RequestError `prompt_empty`, or `prompt_too_long` (counted in characters as a person sees code points).
 */
export function cleanPrompt(manifest: Manifest, prompt: string): string {
  if (typeof prompt !== 'string') throw invalid('prompt', 'must be text');
  const max = manifest.parameters.prompt_length.max;
  const clean = cleanText(prompt);
  if (clean === '')
    throw new RequestError(
      'prompt_empty',
      'prompt',
      `The prompt is empty. Describe what you want in 1 to ${max} characters.`,
    );
  checkLength('prompt', 'The prompt', clean, max);
  return clean;
}

/** The field of the request, cleaned like a prompt; no field where nothing is left of it. */
function negativeOf(
  manifest: Manifest,
  text: string | undefined,
  guidance: { max: number },
): { negativePrompt?: string } {
  if (text === undefined) return {};
  if (typeof text !== 'string') throw invalid('negativePrompt', 'must be text');
  const clean = cleanText(text);
  if (clean === '') return {};
  if (guidance.max <= 1)
    throw invalid('negativePrompt', 'requires guidance, which this model doesn’t use: leave it out');
  checkLength('negativePrompt', 'The negative prompt', clean, manifest.parameters.prompt_length.max);
  return { negativePrompt: clean };
}

const cleanText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}|\p{Cs}/gu, '')
    .trim();

function checkLength(field: string, name: string, text: string, max: number): void {
  const length = [...text].length;
  if (length > max)
    throw new RequestError(
      'prompt_too_long',
      field,
      `${name} is ${length} characters long; the limit is ${max}.`,
    );
}

/** `zh` for a text with Han characters where the model knows Chinese, otherwise the model's first language. */
export function languageOf(prompt: string, manifest: Manifest): Language {
  const first = manifest.languages[0] ?? 'en';
  return /\p{Script=Han}/u.test(prompt) && manifest.languages.includes('zh') ? 'zh' : first;
}

function checkLanguage(manifest: Manifest, language: Language): Language {
  if (!manifest.languages.includes(language))
    throw invalid('language', `${String(language)}: must be one of ${manifest.languages.join(', ')}`);
  return language;
}

function checkWhole(field: string, value: number, range: { min: number; max: number }): void {
  if (!Number.isInteger(value) || value < range.min || value > range.max)
    throw invalid(field, `${value}: must be a whole number from ${range.min} to ${range.max}`);
}

function checkReal(field: string, value: number, range: { min: number; max: number }): void {
  if (!Number.isFinite(value) || value < range.min || value > range.max)
    throw invalid(field, `${value}: must be a number from ${range.min} to ${range.max}`);
}

function checkSize(
  field: string,
  value: number,
  range: { min: number; max: number; multiple: number },
): void {
  if (!Number.isInteger(value) || value < range.min || value > range.max || value % range.multiple !== 0)
    throw invalid(
      field,
      `${value}: must be a multiple of ${range.multiple} from ${range.min} to ${range.max} pixels`,
    );
}

function checkPixels(image: RgbImage): void {
  const whole = (side: number) => Number.isInteger(side) && side > 0;
  if (!image || !whole(image.width) || !whole(image.height))
    throw invalid('image', 'must be a decoded image of at least 1×1 pixels');
  const expected = image.width * image.height * 3;
  if (!(image.data instanceof Uint8Array) || image.data.length !== expected)
    throw invalid('image', `must hold width × height × 3 = ${expected} bytes`);
}

function toMultiple(value: number, range: { min: number; max: number; multiple: number }): number {
  const low = Math.ceil(range.min / range.multiple) * range.multiple;
  const high = Math.floor(range.max / range.multiple) * range.multiple;
  return Math.min(high, Math.max(low, Math.round(value / range.multiple) * range.multiple));
}

function randomSeed(range: { min: number; max: number }): number {
  return range.min + Math.floor(Math.random() * (range.max - range.min + 1));
}

function invalid(field: string, text: string): RequestError {
  return new RequestError('parameter_invalid', field, `${field} ${text}.`);
}
