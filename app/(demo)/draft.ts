import { useSyncExternalStore } from 'react';
import type { Decoder, GenerationView, Language, Task } from '@/server/demo/schema';
import type { ParameterKey } from './parameters';

export interface Source {
  hash: string;
  width: number;
  height: number;
  /** The job whose result it is, where it is one. */
  parentId?: string;
}

/** What stands in the composer. It lives outside React, because results, drops and examples fill it too. */
export interface Draft {
  task: Task;
  prompt: string;
  language: Language;
  source: Source | null;
  /** As typed; a field left alone is absent and takes the model's default. */
  numbers: Partial<Record<ParameterKey, string>>;
  /** An edit comes out in its source's size. */
  sizeOfSource: boolean;
  decoder: Decoder | null;
}

export const emptyDraft: Draft = {
  task: 'generate',
  prompt: '',
  language: 'en',
  source: null,
  numbers: {},
  sizeOfSource: true,
  decoder: null,
};

const key = 'composer';
let draft: Draft | null = null;
const listeners = new Set<() => void>();

function restore(): Draft {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return { ...emptyDraft, ...(stored as Partial<Draft>) };
  } catch {
    return emptyDraft;
  }
}

export const getDraft = (): Draft => (draft ??= restore());

export function changeDraft(change: Partial<Draft> | ((draft: Draft) => Partial<Draft>)): void {
  const before = getDraft();
  draft = { ...before, ...(typeof change === 'function' ? change(before) : change) };
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage can be forbidden or full; the draft then does not outlive the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useDraft = (): Draft => useSyncExternalStore(subscribe, getDraft, () => emptyDraft);

export const setNumber = (name: ParameterKey, text: string) =>
  changeDraft(({ numbers }) => ({ numbers: { ...numbers, [name]: text } }));

export const resetSettings = () => changeDraft({ numbers: {}, sizeOfSource: true, decoder: null });

export const promptId = 'prompt';

/** After the form was filled from elsewhere, the next thing to do is to write. */
export function focusPrompt(): void {
  const prompt = document.getElementById(promptId);
  if (!(prompt instanceof HTMLTextAreaElement)) return;
  prompt.focus();
  requestAnimationFrame(() => prompt.setSelectionRange(prompt.value.length, prompt.value.length));
}

/** Makes the result of a job the picture of the next one. */
export function continueFrom(generation: GenerationView, task: 'edit' | 'understand'): void {
  const picture = generation.picture ?? generation.source;
  if (!picture) return;
  changeDraft({ task, prompt: '', source: { ...picture, parentId: generation.id } });
  focusPrompt();
}

export type Recalled = 'all' | 'all-but-seed' | 'prompt' | 'seed';

/** Fills the form with what made a result; with all of it, the same again gives the same picture. */
export function recall(generation: GenerationView, what: Recalled = 'all'): void {
  const { task, prompt, language, parameters, source, parentId } = generation;
  if (what === 'prompt' || what === 'seed') {
    if (what === 'prompt') changeDraft({ prompt, language });
    else if (parameters.seed !== undefined) setNumber('seed', String(parameters.seed));
    return focusPrompt();
  }
  const numbers: Draft['numbers'] = {};
  const take = (to: ParameterKey, from: string) => {
    const value = parameters[from];
    if (value !== undefined && value !== null) numbers[to] = String(value);
  };
  take('width', 'width');
  take('height', 'height');
  take('steps', 'steps');
  take(parameters.decoder === 'editing' ? 'guidanceEditing' : 'guidanceGeneration', 'guidance');
  if (what === 'all') take('seed', 'seed');
  take('maxNewTokens', 'maxNewTokens');
  const { decoder } = parameters;
  changeDraft({
    task,
    prompt,
    language,
    source: source ? { ...source, parentId: parentId ?? undefined } : null,
    numbers,
    sizeOfSource: numbers.width === undefined,
    decoder: decoder === 'generation' || decoder === 'editing' ? decoder : null,
  });
  focusPrompt();
}
