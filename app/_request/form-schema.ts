import * as z from 'zod/mini';
import type { Decoder, LanguageChoice, ModelInfo, SubmitInput, Task } from '@/server/demo/schema';
import type { Draft } from './draft';
import {
  decoderOf,
  numbersOf,
  isFractional,
  promptLength,
  takesNegative,
  type Limit,
  type ParameterKey,
} from './fields';

/** What can be wrong in the form: keys of `demo.wrong`, which the page says in its language. */
export const formProblems = [
  'prompt_generate',
  'prompt_edit',
  'prompt_understand',
  'prompt_long',
  'source',
  'whole',
  'real',
  'multiple',
] as const;
export type FormProblem = (typeof formProblems)[number];
export type FormOutput = Omit<SubmitInput, 'requestId'>;

const isNumeric = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Which words say what a number must be: a multiple, a whole number or any number from `min` to `max`. */
export const numberProblem = (key: ParameterKey, limit: Limit): FormProblem =>
  isFractional(key) ? 'real' : (limit.multiple ?? 1) > 1 ? 'multiple' : 'whole';

/** A number as typed, judged by the model's limits; left alone it is the model's default. */
export function numberSchema(key: ParameterKey, limit: Limit) {
  const error = numberProblem(key, limit);
  const step = Math.max(1, limit.multiple ?? 1);
  const number = z.number({ error }).check(z.minimum(limit.min, { error }), z.maximum(limit.max, { error }));
  return z.pipe(
    z.pipe(
      z.prefault(z.string(), String(limit.default)),
      z.transform((text: string) => (isNumeric.test(text) ? Number(text) : Number.NaN)),
    ),
    isFractional(key) ? number : number.check(z.multipleOf(step, { error })),
  );
}

const sourceSchema = z.object({
  hash: z.string(),
  width: z.number(),
  height: z.number(),
  parentId: z.optional(z.string()),
});

/**
 * The composer's form, from the model's limits and for the task that the draft has: fields that the task does
 * not show are neither judged nor sent. Its output is what `demo.submit` takes; the messages of its issues are
 * keys of `demo.wrong`.
 */
export function composerSchema(draft: Draft, model: ModelInfo) {
  const { task } = draft;
  const max = model.parameters.promptLength.max;
  const fits = z.refine<string>((value) => promptLength(value) <= max, {
    error: 'prompt_long' satisfies FormProblem,
  });
  const some = z.minLength(1, { error: `prompt_${task}` satisfies FormProblem, abort: true });
  const active = numbersOf(draft, model);
  const withNegative = takesNegative(draft, model);
  const shape = z.object({
    task: z.enum(['generate', 'edit', 'understand'] satisfies Task[]),
    prompt: z.string().check(z.trim(), some, fits),
    negativePrompt: withNegative ? z.string().check(z.trim(), fits) : z.string(),
    language: z.enum(['auto', 'en', 'zh'] satisfies LanguageChoice[]),
    source:
      task === 'edit'
        ? z.custom<Draft['source']>((value) => value !== null, { error: 'source' satisfies FormProblem })
        : z.nullable(sourceSchema),
    numbers: z.object(
      Object.fromEntries(active.map(({ field }) => [field, numberSchema(field, model.parameters[field])])),
    ),
    sizeOfSource: z.boolean(),
    decoder: z.nullable(z.enum(['generation', 'editing'] satisfies Decoder[])),
  });
  return z.pipe(
    shape,
    z.transform((form: z.output<typeof shape>): FormOutput => {
      const source = task === 'generate' ? null : form.source;
      const number = form.numbers as Partial<Record<ParameterKey, number>>;
      return {
        task,
        prompt: form.prompt,
        negativePrompt: (withNegative && form.negativePrompt) || undefined,
        language: form.language,
        sourceHash: source?.hash,
        parentId: source?.parentId,
        ...Object.fromEntries(active.map(({ field, parameter }) => [parameter.key, number[field]])),
        decoder: task === 'edit' ? decoderOf(draft, model) : undefined,
      };
    }),
  );
}
