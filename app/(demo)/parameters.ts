import type { Decoder, ModelInfo, SubmitInput, Task } from '@/server/demo/schema';
import type { Draft } from './draft';

/** The numbers a person can set. Guidance is one for each decoder, since their defaults differ. */
export type ParameterKey = keyof ModelInfo['parameters'] &
  Exclude<keyof ModelInfo['parameters'], 'promptLength'>;
export type Limit = ModelInfo['parameters'][ParameterKey];
export type FieldName = ParameterKey | 'prompt' | 'source';
export type FieldErrors = Partial<Record<FieldName, string>>;

export const labels: Record<ParameterKey, string> = {
  width: 'Width',
  height: 'Height',
  steps: 'Steps',
  guidanceGeneration: 'Guidance scale',
  guidanceEditing: 'Guidance scale',
  seed: 'Seed',
  maxNewTokens: 'Longest answer',
};

const isFractional = (key: ParameterKey) => key === 'guidanceGeneration' || key === 'guidanceEditing';

export const format = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 4 });

/** The size of a step on the slider and of the arrow keys. */
export const stepOf = (key: ParameterKey, limit: Limit) => limit.multiple ?? (isFractional(key) ? 0.1 : 1);

/** Reads what was typed; an error says the field, and the values that it takes. */
export function readNumber(
  key: ParameterKey,
  text: string,
  limit: Limit,
): { value: number } | { error: string } {
  const value = Number(text);
  const wrong =
    text.trim() === '' ||
    !Number.isFinite(value) ||
    value < limit.min ||
    value > limit.max ||
    (!isFractional(key) && !Number.isInteger(value)) ||
    (limit.multiple !== undefined && !isFractional(key) && value % limit.multiple !== 0);
  if (!wrong) return { value };
  const kind = isFractional(key)
    ? 'a number'
    : limit.multiple && limit.multiple > 1
      ? `a multiple of ${limit.multiple}`
      : 'a whole number';
  return { error: `${labels[key]} must be ${kind} from ${format(limit.min)} to ${format(limit.max)}.` };
}

export const takesPicture = (task: Task) => task !== 'generate';

/** Which fields matter to the task as it stands; the others are neither shown nor sent. */
export function fieldsOf(draft: Draft, model: ModelInfo): ParameterKey[] {
  if (draft.task === 'understand') return ['maxNewTokens'];
  const editing = draft.task === 'edit' && decoderOf(draft, model) === 'editing';
  const fields: ParameterKey[] = ['steps', editing ? 'guidanceEditing' : 'guidanceGeneration'];
  if (draft.task === 'generate' || !draft.sizeOfSource) fields.unshift('width', 'height');
  if (!isRandomSeed(draft)) fields.push('seed');
  return fields;
}

export const decoderOf = (draft: Draft, model: ModelInfo): Decoder => draft.decoder ?? model.defaultDecoder;

/** An empty seed is a new one each time. */
export const isRandomSeed = ({ numbers }: Draft) => (numbers.seed ?? '') === '';

export const textOf = (draft: Draft, key: ParameterKey, model: ModelInfo) =>
  draft.numbers[key] ?? String(model.parameters[key].default);

/** In characters as a person counts them: an emoji is one. */
export const promptLength = (prompt: string) => [...prompt.trim()].length;

function checkPrompt(prompt: string, task: Task, max: number): string | null {
  if (prompt.trim() === '') {
    if (task === 'understand') return 'Write a question.';
    return task === 'edit' ? 'Write what should change.' : 'Write what the picture should show.';
  }
  const length = promptLength(prompt);
  if (length > max) return `The prompt has ${format(length)} characters: write at most ${format(max)}.`;
  return null;
}

/** What the form sends, or what is wrong with it, field by field. */
export function readDraft(
  draft: Draft,
  model: ModelInfo,
): { input: SubmitInput; errors: null } | { input: null; errors: FieldErrors } {
  const errors: FieldErrors = {};
  const numbers: Partial<Record<ParameterKey, number>> = {};
  const promptError = checkPrompt(draft.prompt, draft.task, model.parameters.promptLength.max);
  if (promptError) errors.prompt = promptError;
  if (draft.task === 'edit' && !draft.source) errors.source = 'Choose the picture to edit.';
  for (const key of fieldsOf(draft, model)) {
    const result = readNumber(key, textOf(draft, key, model), model.parameters[key]);
    if ('error' in result) errors[key] = result.error;
    else numbers[key] = result.value;
  }
  if (Object.keys(errors).length > 0) return { input: null, errors };
  const source = takesPicture(draft.task) ? draft.source : null;
  return {
    input: {
      task: draft.task,
      prompt: draft.prompt.trim(),
      language: draft.language,
      sourceHash: source?.hash,
      parentId: source?.parentId,
      width: numbers.width,
      height: numbers.height,
      steps: numbers.steps,
      guidance: numbers.guidanceEditing ?? numbers.guidanceGeneration,
      seed: numbers.seed,
      decoder: draft.task === 'edit' ? decoderOf(draft, model) : undefined,
      maxNewTokens: numbers.maxNewTokens,
    },
    errors: null,
  };
}

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
