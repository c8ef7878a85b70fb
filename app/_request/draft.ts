import { createFormControl, type FieldPath } from 'react-hook-form';
import { create } from 'zustand';
import type { Decoder, GenerationView, LanguageChoice, ModelInfo, Task } from '@/server/demo/schema';
import { limitOf, parameters as allParameters, type Parameter } from '../../server/demo/parameters';
import type { FormOutput } from './form-schema';
import type { ParameterKey } from './fields';

export interface Source {
  hash: string;
  width: number;
  height: number;
  /** The job whose result it is, where it is one. */
  parentId?: string;
}

/** What stands in the composer. Its form lives outside React, because results, drops and examples fill it too. */
export interface Draft {
  task: Task;
  prompt: string;
  negativePrompt: string;
  language: LanguageChoice;
  source: Source | null;
  /** The edit that was sent last; when it is done, the next instruction goes to its result (see follow-edit.ts). */
  expected: string | null;
  /** What `source` took the place of by that, one click away, and which of the two it is. */
  other: { source: Source; is: 'source' | 'result' } | null;
  /** As typed; a field left alone is absent and takes the model's default. */
  numbers: Partial<Record<ParameterKey, string>>;
  /** An edit comes out in its source's size. */
  sizeOfSource: boolean;
  decoder: Decoder | null;
}

export const emptyDraft: Draft = {
  task: 'generate',
  prompt: '',
  negativePrompt: '',
  language: 'auto',
  source: null,
  expected: null,
  other: null,
  numbers: {},
  sizeOfSource: true,
  decoder: null,
};

const key = 'composer';

function restore(): Draft {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return { ...emptyDraft, ...(stored as Partial<Draft>) };
  } catch {
    return emptyDraft;
  }
}

/** First empty, as on the server, so that both make the same page. */
export const useDraft = create<Draft>(() => emptyDraft);
export const getDraft = useDraft.getState;
if (typeof window !== 'undefined') useDraft.setState(restore());

/** What the form is judged by: the model's limits, or how they become known. */
export interface FormContext {
  model: ModelInfo | undefined;
  whenKnown?: () => Promise<ModelInfo>;
}

/** The composer's form: its values are the draft, its errors are keys of `demo.wrong` (see form-schema.ts). */
export const draftForm = createFormControl<Draft, FormContext, FormOutput>({
  defaultValues: getDraft(),
  mode: 'onSubmit',
  reValidateMode: 'onChange',
  shouldFocusError: false,
});

/** Numbers are judged as they are typed; what was refused when the form was sent is judged again as it changes. */
function revalidate(before: Draft, after: Draft): void {
  const names = Object.keys(after) as (keyof Draft)[];
  const refused = names.filter((name) => draftForm.getFieldState(name).invalid);
  const otherForm = after.task !== before.task;
  if (otherForm) draftForm.clearErrors(refused);
  const judged: FieldPath<Draft>[] = otherForm
    ? []
    : refused.filter((name) => name !== 'numbers' && before[name] !== after[name]);
  const shown = ['task', 'numbers', 'sizeOfSource', 'decoder'] as const;
  if (shown.some((name) => before[name] !== after[name])) {
    const typed = new Set(Object.keys({ ...before.numbers, ...after.numbers }) as ParameterKey[]);
    for (const name of typed) judged.push(`numbers.${name}`);
  }
  // Where what judges it cannot be loaded just now, the form is judged when it is sent.
  if (judged.length > 0) draftForm.trigger(judged).catch(() => undefined);
}

// The first of all who hear of a change: what the others ask the form is of the draft as it is now.
useDraft.subscribe((after, before) => {
  for (const name of Object.keys(after) as (keyof Draft)[])
    if (after[name] !== before[name]) draftForm.setValue(name, after[name], { shouldDirty: true });
  revalidate(before, after);
  try {
    sessionStorage.setItem(key, JSON.stringify(after));
  } catch {
    // Storage can be forbidden or full; the draft then does not outlive the page.
  }
});

export function changeDraft(change: Partial<Draft> | ((draft: Draft) => Partial<Draft>)): void {
  const changes = { ...(typeof change === 'function' ? change(getDraft()) : change) };
  // Another image has nothing to do with the one before it.
  if ('source' in changes && !('other' in changes)) changes.other = null;
  useDraft.setState(changes);
}

export const setNumber = (name: ParameterKey, text: string) =>
  changeDraft(({ numbers }) => ({ numbers: { ...numbers, [name]: text } }));

export const resetSettings = () =>
  changeDraft({ numbers: {}, negativePrompt: '', sizeOfSource: true, decoder: null });

export const promptId = 'prompt';

/** After the form was filled from elsewhere, the next thing to do is to write. */
export function focusPrompt(): void {
  const prompt = document.getElementById(promptId);
  if (!(prompt instanceof HTMLTextAreaElement)) return;
  prompt.focus();
  // At once: a frame later somebody may have selected or typed something. A text put in later moves the caret to its end.
  prompt.setSelectionRange(prompt.value.length, prompt.value.length);
}

/** Makes the result of a job the picture of the next one. */
export function continueFrom(generation: GenerationView, task: 'edit' | 'understand'): void {
  const picture = generation.picture ?? generation.source;
  if (!picture) return;
  changeDraft({ task, prompt: '', source: { ...picture, parentId: generation.id } });
  focusPrompt();
}

export type Recall = 'all' | 'all-but-seed' | 'prompt' | 'seed';

/** What made a result, as far as the form has it: the parameters of a job, or of a picture's file. */
export type Recipe = Pick<GenerationView, 'task' | 'prompt' | 'language' | 'parameters'>;

/** The form that makes the same again; null where the recipe has no seed and nothing else was asked for. */
export function draftOf(recipe: Recipe, what: Recall = 'all'): Partial<Draft> {
  const { task, prompt, language, parameters } = recipe;
  const text = (from: string) => {
    const value = parameters[from];
    return value === undefined ? undefined : String(value);
  };
  const { decoder } = parameters;
  const numbers: Draft['numbers'] = {};
  const take = (wanted: (parameter: Parameter) => boolean) => {
    for (const parameter of allParameters.filter(wanted)) {
      const limit = limitOf(parameter, decoder === 'editing' ? decoder : undefined);
      const value = text(parameter.key);
      if (limit && value !== undefined) numbers[limit.name as ParameterKey] = value;
    }
  };
  const isSeed = ({ leftOut }: Parameter) => leftOut === 'drawn';
  if (what === 'prompt') return { prompt, language };
  if (what !== 'all-but-seed') take(isSeed);
  if (what === 'seed') return numbers.seed === undefined ? {} : { numbers };
  take((parameter) => !isSeed(parameter));
  return {
    task,
    prompt,
    negativePrompt: text('negativePrompt') ?? '',
    language,
    numbers,
    sizeOfSource: numbers.width === undefined,
    decoder: decoder === 'generation' || decoder === 'editing' ? decoder : null,
  };
}

/** Fills the form with what made a result: all of it gives the same picture again, the rest a variation of it. */
export function recall(generation: GenerationView, what: Recall = 'all'): void {
  const { source, parentId } = generation;
  const found = draftOf(generation, what);
  if (what === 'seed')
    changeDraft(({ numbers }) => (found.numbers ? { numbers: { ...numbers, ...found.numbers } } : {}));
  else if (what === 'prompt') changeDraft(found);
  else changeDraft({ ...found, source: source ? { ...source, parentId: parentId ?? undefined } : null });
  focusPrompt();
}

/** Fills the form with a recipe that came without its source picture. */
export function restoreRecipe(recipe: Recipe): void {
  changeDraft({ ...draftOf(recipe), source: null });
  focusPrompt();
}
