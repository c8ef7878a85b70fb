import type { ModelInfo, SubmitInput, Task } from '@/server/demo/schema';
import { parameters } from '../../server/demo/parameters';
import { emptyDraft, type Draft } from '../_request/draft';
import { readDraft } from '../_request/read-draft';

/** One call of the HTTP API, before it is written in a language. */
export interface Call {
  task: Task;
  model: string;
  prompt: string;
  /** The URL of an image of this server; null where a file stands for it, or none is needed. */
  pictureUrl: string | null;
  /** Whether a file stands for the image: an edit needs one, and the usual question is about one. */
  withFile: boolean;
  /** Fields that OpenAI's API has, besides: a size as `256x256`, the longest answer. */
  own: Record<string, string | number>;
  /** Fields that OpenAI's API has not, in the order in which they are written. */
  extra: Record<string, string | number>;
}

/** What stands in a call where the form is empty. */
export const usualPrompts: Record<Task, string> = {
  generate: 'a photo of two red apples',
  edit: 'make the apples green',
  understand: 'how many apples are there?',
};

/**
 * The call that does what the form would do, or the usual one where the form is for another task or not ready.
 * @param sourceUrl where whoever makes the call gets the form's image; null: a file stands for it
 */
export function callOf(
  draft: Draft,
  model: ModelInfo | undefined,
  task: Task,
  sourceUrl: string | null = null,
): Call {
  const isCurrent = draft.task === task;
  const wanted: Draft = {
    ...draft,
    task,
    prompt: isCurrent && draft.prompt.trim() !== '' ? draft.prompt : usualPrompts[task],
  };
  const isUsual = wanted.prompt === usualPrompts[task];
  const input = model ? read(wanted, model) : null;
  const pictureUrl = task !== 'generate' && draft.source ? sourceUrl : null;
  return {
    task,
    model: model?.name ?? 'nexus-gen-nano',
    prompt: input?.prompt ?? usualPrompts[task],
    pictureUrl,
    withFile: pictureUrl === null && (task === 'edit' || (task === 'understand' && isUsual)),
    ...fieldsOf(input),
  };
}

/** With the form's numbers, or without them where one is wrong. A picture that is missing is no fault here. */
function read(draft: Draft, model: ModelInfo): SubmitInput | null {
  const source =
    draft.source ?? (draft.task === 'edit' ? { hash: '0'.repeat(64), width: 1, height: 1 } : null);
  const ready = { ...draft, source };
  const { numbers, sizeOfSource, decoder } = emptyDraft;
  return (
    readDraft(ready, model).input ?? readDraft({ ...ready, numbers, sizeOfSource, decoder }, model).input
  );
}

function fieldsOf(input: SubmitInput | null): Pick<Call, 'own' | 'extra'> {
  const own: Call['own'] = {};
  const extra: Call['extra'] = {};
  if (!input) return { own, extra };
  const sides = parameters.flatMap(({ key, type }) => (type === 'size' ? (input[key as 'width'] ?? []) : []));
  for (const { key, api } of parameters) {
    const value = api?.withOthers ? sides.join('x') : input[key as 'steps'];
    // Zero is a seed; no text and no size are none.
    if (api && value !== undefined && String(value) !== '') (api.openai ? own : extra)[api.name] = value;
  }
  if (input.language && input.language !== 'auto') extra.language = input.language;
  return { own, extra };
}
