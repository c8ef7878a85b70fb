/**
 * Checks a request against a manifest before anything is queued or computed, and fills in what was left out.
 * Nothing here loads the native runtime, so a web server may import it.
 */
import { RequestError } from './errors';
import type { Manifest } from './manifest';
import {
  limitOf,
  parameterNamed,
  parametersOf,
  type Parameter,
  type ParametersOf,
  type ParameterValues,
} from './parameters';
import type { InferenceRequest, Language, RgbImage } from './types';

/** A request as a person writes it: everything but the task and the prompt may be left out. */
export type RequestInput =
  | ({ task: 'generate'; prompt: string; language?: Language } & ParametersOf<'generate'>)
  | ({ task: 'edit'; prompt: string; image: RgbImage; language?: Language } & ParametersOf<'edit'>)
  | ({
      task: 'understand';
      prompt: string;
      image?: RgbImage | null;
      language?: Language;
    } & ParametersOf<'understand'>);

/** What a manifest says of a number. A model without the entry does not take the parameter. */
type Range = { min: number; max: number; multiple?: number; default?: number };

/**
 * The same request, checked, with a clean prompt and every default filled in, as the table of parameters says. A seed
 * that was left out becomes the manifest's, or else a random one. An edit's size becomes the source's, brought inside
 * the limits. An empty negative prompt is none.
 * @throws RequestError naming the field, the value and the range.
 */
export function prepareRequest(manifest: Manifest, input: RequestInput): InferenceRequest {
  const { task } = input;
  const prompt = cleanPrompt(manifest, input.prompt);
  const language = checkLanguage(manifest, input.language ?? languageOf(prompt, manifest));
  const values: ParameterValues = {};
  const take = (type: Parameter['type']) => {
    for (const parameter of parametersOf(task)) {
      if (parameter.type !== type) continue;
      const value = valueOf(manifest, parameter, input, values.decoder);
      if (value !== undefined) Object.assign(values, { [parameter.key]: value });
    }
  };
  take('integer');
  // The limits of numbers can be those of a choice.
  take('choice');
  take('number');
  const source = task === 'generate' ? {} : { image: input.image ?? null };
  if (task === 'edit' || source.image) checkPixels(source.image ?? null);
  take('size');
  take('text');
  return { task, prompt, ...values, ...source, language } as InferenceRequest;
}

/** @returns undefined for one that is left out for good. */
function valueOf(
  manifest: Manifest,
  parameter: Parameter,
  input: RequestInput,
  decoder: string | undefined,
): number | string | undefined {
  const { key, type, leftOut } = parameter;
  const given = (input as Record<string, unknown>)[key];
  if (type === 'text') return checkText(manifest, parameter, given, decoder);
  if (type === 'choice') {
    const value = given ?? (parameter.defaultIn && manifest[parameter.defaultIn]);
    return value === undefined ? undefined : checkChoice(parameter, value);
  }
  const range = rangeOf(manifest, parameter, decoder);
  if (!range) {
    if (given === undefined || given === null) return undefined;
    throw invalid(key, 'is not a parameter of this model: leave it out');
  }
  const usual = () => {
    if (leftOut === 'omitted') return undefined;
    if (leftOut === 'drawn') return range.default ?? randomSeed(range);
    return leftOut === 'source' && input.task === 'edit'
      ? sizeForEdit(manifest, input.image)[key as 'width' | 'height']
      : range.default;
  };
  const value = given ?? usual();
  if (value === undefined || (leftOut === 'omitted' && value === range.default)) return undefined;
  checkNumber(parameter, value as number, range);
  return value as number;
}

function rangeOf(manifest: Manifest, parameter: Parameter, decoder?: string): Range | undefined {
  const limit = limitOf(parameter, decoder);
  const ranges: Record<string, unknown> = manifest.parameters;
  return limit && (ranges[limit.entry] as Range | undefined);
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

/** A text, cleaned like a prompt; undefined where nothing is left of it. */
function checkText(
  manifest: Manifest,
  { key, noun = key, needsGuidance }: Parameter,
  text: unknown,
  decoder: string | undefined,
): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw invalid(key, 'must be text');
  const clean = cleanText(text);
  if (clean === '') return undefined;
  const guidance = parameterNamed('guidance');
  const range = guidance && rangeOf(manifest, guidance, decoder);
  if (needsGuidance && range && range.max <= 1)
    throw invalid(key, 'requires guidance, which this model doesn’t use: leave it out');
  checkLength(key, noun, clean, manifest.parameters.prompt_length.max);
  return clean;
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

function checkChoice({ key, choices = [] }: Parameter, value: unknown): string {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw invalid(key, `${String(value)}: must be ${choices.join(' or ')}`);
  return found;
}

function checkNumber({ key, type }: Parameter, value: number, range: Range): void {
  const { min, max, multiple = 1 } = range;
  const isFit = type === 'number' ? Number.isFinite(value) : Number.isInteger(value);
  if (isFit && value >= min && value <= max && (type !== 'size' || value % multiple === 0)) return;
  const what = {
    number: `a number from ${min} to ${max}`,
    size: `a multiple of ${multiple} from ${min} to ${max} pixels`,
  };
  throw invalid(key, `${value}: must be ${what[type as 'number'] ?? `a whole number from ${min} to ${max}`}`);
}

function checkPixels(image: RgbImage | null): void {
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
