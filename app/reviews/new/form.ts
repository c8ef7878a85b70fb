import { set, type FieldErrors } from 'react-hook-form';
import { newRequestId } from '../../_ui/request-id';
import type { Problem } from '../../_ui/error-text';
import {
  createQueueSchema,
  type CreateQueue,
  type QueueSource,
  type Rubric,
} from '../../../server/reviews/schema';
import type { Question } from '../../../server/reviews/questions/rubric';
import type { FlagReason } from '../../../server/demo/sharing/schema';
import { questionEditors } from '../_questions/list';
import type { QuestionEditor } from '../_questions/question-view';
import type { Prefill } from './prefill';

export const sources = ['run', 'pair', 'flags', 'upload'] as const;
export type From = (typeof sources)[number];
export const takes = ['all', 'random', 'stratified'] as const;

export interface ChoiceForm {
  take: (typeof takes)[number];
  n: number;
  perGroup: number;
  seed: number;
}

export interface UploadEntry {
  /** Of this list alone. */
  key: string;
  name: string;
  state: 'waiting' | 'sending' | 'done' | 'failed';
  hash: string | null;
  problem: Problem | null;
  /** It moves: sent again, its first frame is taken. */
  animated: boolean;
  /** What was done to it before it was sent. */
  notes: Problem[];
  prompt: string;
}

/** The fields of every type of question. */
export type RubricForm = (typeof questionEditors)[number]['empty'] extends infer F
  ? (F extends unknown ? (_: F) => void : never) extends (_: infer All) => void
    ? All
    : never
  : never;

/** A rubric that asks nothing. */
export const emptyRubric = Object.assign({}, ...questionEditors.map(({ empty }) => empty)) as RubricForm;

/** The form: every kind of source keeps what was chosen for it while another one is looked at. */
export interface QueueForm {
  name: string;
  instructions: string;
  from: From;
  run: { runId: string | null; filter: Prefill['filter']; choice: ChoiceForm };
  pair: { firstRunId: string | null; secondRunId: string | null; groups: string[]; choice: ChoiceForm };
  flags: { reasons: FlagReason[] };
  upload: UploadEntry[];
  rubric: RubricForm;
  reviewsPerItem: number;
  blind: boolean;
  assignees: string[];
}

const everything: ChoiceForm = { take: 'all', n: 100, perGroup: 20, seed: 42 };

export const emptyForm = (prefill: Prefill, rubric: RubricForm): QueueForm => ({
  name: '',
  instructions: '',
  from: prefill.from,
  run: { runId: prefill.runId, filter: prefill.filter, choice: everything },
  pair: {
    firstRunId: prefill.firstRunId,
    secondRunId: prefill.secondRunId,
    groups: prefill.filter.groups ?? [],
    choice: everything,
  },
  flags: { reasons: [] },
  upload: [],
  rubric,
  reviewsPerItem: 1,
  blind: false,
  assignees: [],
});

function choiceOf({ take, n, perGroup, seed }: ChoiceForm) {
  if (take === 'all') return { take };
  return take === 'random' ? { take, n, seed } : { take, perGroup, seed };
}

/** The source as the server takes it; what was not chosen yet is empty there, and refused by its schema. */
export function sourceOf(form: Pick<QueueForm, From | 'from'>): QueueSource {
  const { from, run, pair, flags, upload } = form;
  if (from === 'run')
    return {
      from,
      runId: run.runId ?? '',
      filter: { ...run.filter, order: 'item' },
      choice: choiceOf(run.choice),
    };
  if (from === 'pair')
    return {
      from,
      firstRunId: pair.firstRunId ?? '',
      secondRunId: pair.secondRunId ?? '',
      ...(pair.groups.length > 0 ? { groups: pair.groups } : {}),
      choice: choiceOf(pair.choice),
    };
  if (from === 'flags') return { from, ...(flags.reasons.length > 0 ? { reasons: flags.reasons } : {}) };
  return { from, items: upload.flatMap(({ hash, prompt }) => (hash ? [{ hash, prompt }] : [])) };
}

const editors: readonly QuestionEditor<Question, object>[] = questionEditors;

/** The rubric as the server takes it. */
export const rubricOf = (form: RubricForm): Rubric => ({
  questions: editors.flatMap(({ questions }) => questions(form)),
});

/** The place of an issue of a rubric in the form. */
function rubricProblemAt({ questions }: Rubric, [, at, ...path]: readonly PropertyKey[]) {
  const question = typeof at === 'number' ? questions[at] : undefined;
  const editor = editors.find(({ type }) => type === question?.type);
  if (!question || !editor) return { field: 'rubric.askVerdict', problem: 'question' };
  const own = questions.filter(({ type }) => type === question.type);
  return editor.problemAt(path, own.indexOf(question));
}

/** A key of `reviews.newQueue.problems`, by the place of an issue of the server's schema. */
function problemAt(path: readonly PropertyKey[], rubric: Rubric | null): { field: string; problem: string } {
  const [first, ...rest] = path;
  const [second, third, fourth] = rest;
  const at = (field: string, problem: string) => ({ field, problem });
  if (first === 'name' || first === 'instructions') return at(first, first);
  if (first === 'reviewsPerItem') return at(first, 'number');
  if (first === 'rubric' && rubric) return rubricProblemAt(rubric, rest);
  if (first === 'source') {
    if (second === 'runId') return at('run.runId', 'run');
    if (second === 'firstRunId' || second === 'secondRunId') return at(`pair.${second}`, 'run');
    if (second === 'items') return fourth === 'prompt' ? at('upload', 'prompt') : at('upload', 'upload');
    if (second === 'choice') return at(`choice.${String(third)}`, 'number');
  }
  return at('root', 'other');
}

/** What keeps the form from being sent, by the server's own schema and what only the page knows; null when nothing does. */
export function problemsOf(form: QueueForm): Record<string, string> | null {
  const made = toCreate(form, newRequestId());
  const parsed = createQueueSchema.safeParse(made);
  const found: Record<string, string> = {};
  if (form.from === 'upload') {
    const states = new Set(form.upload.map(({ state }) => state));
    if (states.has('waiting') || states.has('sending')) found.upload = 'uploading';
    else if (states.has('failed')) found.upload = 'uploadFailed';
  }
  const { firstRunId, secondRunId } = form.pair;
  if (form.from === 'pair' && firstRunId && firstRunId === secondRunId) found['pair.secondRunId'] = 'same';
  for (const { path } of parsed.error?.issues ?? []) {
    const { field, problem } = problemAt(path, made.rubric);
    const place = field.startsWith('choice.') ? `${form.from}.${field}` : field;
    found[place] ??= problem;
  }
  return Object.keys(found).length > 0 ? found : null;
}

/** What react-hook-form asks: the problem's key stands as the type of an error. */
export function resolveForm(form: QueueForm) {
  const problems = problemsOf(form);
  if (!problems) return { values: form, errors: {} };
  const errors: FieldErrors<QueueForm> = {};
  for (const [field, type] of Object.entries(problems)) set(errors, field, { type });
  return { values: {}, errors };
}

export function toCreate(form: QueueForm, requestId: string): CreateQueue {
  const { name, instructions, reviewsPerItem, blind, assignees } = form;
  const pair = form.from === 'pair';
  return {
    name,
    instructions,
    rubric: pair ? null : rubricOf(form.rubric),
    source: sourceOf(form),
    reviewsPerItem,
    blind: pair || blind,
    assignees,
    requestId,
  };
}
