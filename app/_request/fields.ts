import type { Decoder, ModelInfo, Task } from '@/server/demo/schema';
import { limitNamed, limitOf, parametersOf, type LimitName } from '../../server/demo/parameters';
import type { Draft } from './draft';

/** The numbers a person can set. Guidance is one for each decoder, since their defaults differ. */
export type ParameterKey = LimitName;
export type Limit = ModelInfo['parameters'][ParameterKey];
export type FieldName = ParameterKey | 'prompt' | 'negativePrompt' | 'source';

export const isFractional = (key: ParameterKey) => limitNamed(key)?.parameter.type === 'number';

/** What the page calls a number: a message of `demo`, typed as one of them. */
export const labelOf = (key: ParameterKey) => (limitNamed(key)?.parameter.label ?? key) as 'labels.steps';

export const format = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 4 });

/** The size of a step on the slider and of the arrow keys. */
export const stepOf = (key: ParameterKey, limit: Limit) => limit.multiple ?? (isFractional(key) ? 0.1 : 1);

export const takesPicture = (task: Task) => task !== 'generate';

/** Whether a negative prompt is offered: for pictures only, and only by a model that can. */
export const takesNegative = ({ task }: Pick<Draft, 'task'>, model: ModelInfo) =>
  task !== 'understand' && model.negativePrompt;

/** Which fields matter to the task as it stands; the others are neither shown nor sent. */
export const fieldsOf = (draft: Draft, model: ModelInfo): ParameterKey[] =>
  numbersOf(draft, model).map(({ field }) => field);

/** The numbers that are sent, each with the parameter that it is. */
export function numbersOf(draft: Draft, model: ModelInfo) {
  const decoder = draft.task === 'edit' ? decoderOf(draft, model) : undefined;
  return parametersOf(draft.task).flatMap((parameter) => {
    const field = limitOf(parameter, decoder)?.name as ParameterKey | undefined;
    if (!field || !(field in model.parameters)) return [];
    if (parameter.type === 'size' && draft.task === 'edit' && draft.sizeOfSource) return [];
    if (parameter.leftOut === 'drawn' && isRandomSeed(draft)) return [];
    return [{ field, parameter }];
  });
}

export const decoderOf = (draft: Draft, model: ModelInfo): Decoder => draft.decoder ?? model.defaultDecoder;

/** An empty seed is a new one each time. */
export const isRandomSeed = ({ numbers }: Draft) => (numbers.seed ?? '') === '';

export const textOf = (draft: Draft, key: ParameterKey, model: ModelInfo) =>
  draft.numbers[key] ?? String(model.parameters[key].default);

/** In characters as a person counts them: an emoji is one. */
export const promptLength = (prompt: string) => [...prompt.trim()].length;

/** The language that a prompt is taken to be in, as the server decides it. */
export const languageOf = (prompt: string): 'en' | 'zh' => (/\p{Script=Han}/u.test(prompt) ? 'zh' : 'en');

/** Sizes worth a button, as far as the model allows them. */
export function sizePresets(model: ModelInfo): { width: number; height: number }[] {
  const { width, height } = model.parameters;
  const base = width.default;
  const step = width.multiple ?? 16;
  const round = (value: number) => Math.round(value / step) * step;
  const long = round(base * 1.25);
  const short = round(base * 0.75);
  const wanted = [
    { width: base, height: height.default },
    { width: long, height: short },
    { width: short, height: long },
    { width: round(base * 1.5), height: round(base * 1.5) },
  ];
  return wanted.filter(
    (size) =>
      size.width >= width.min &&
      size.width <= width.max &&
      size.height >= height.min &&
      size.height <= height.max,
  );
}

export const randomSeed = (limit: Limit): number => {
  const draw = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return limit.min + (draw % (Math.min(limit.max, 2 ** 32 - 1) - limit.min + 1));
};
