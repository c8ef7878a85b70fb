import type { RunOptions, StartRun } from '@/server/evaluation/runs/schema';

import { isNumeric, parameterNamed, parameters } from '../../../server/demo/parameters';
import { labelsOf, noLabels, type LabelForm } from '../shared/label-fields';

/** The form by which a run is started: texts as they are typed, and what is made of them. */

export type BenchmarkOption = RunOptions['benchmarks'][number];

const ofRuns = parameters.filter(({ run }) => run);
export const numberSettings: readonly string[] = ofRuns.filter(isNumeric).map(({ key }) => key);
export const choiceSettings: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(ofRuns.flatMap(({ key, choices }) => (choices ? [[key, choices]] : []))),
  images: ['all', 'first'],
  prompt: ['official', 'question'],
  language: ['en', 'zh'],
};
export const endpointLimits = ['requestsPerMinute', 'concurrency', 'maxRequests'] as const;

/** A model that is not known yet. */
export const newEndpoint = 'endpoint';

export interface StartForm {
  /** A revision's id, or `newEndpoint`. */
  model: string;
  benchmark: string;
  /** Empty for all of them. */
  groups: string[];
  limit: string;
  repeats: string;
  /** By name; empty for the model's default. */
  settings: Record<string, string>;
  cache: boolean;
  labels: LabelForm;
  visibility: 'private' | 'team';
  endpoint: { baseUrl: string; model: string; apiKeyEnv: string };
  limits: Record<(typeof endpointLimits)[number], string>;
}

/** What is wrong with a field, to be said in the page's words. */
export type FieldProblem =
  | { kind: 'required' }
  | { kind: 'long' }
  | { kind: 'address' }
  | { kind: 'number'; min: number }
  | { kind: 'whole'; min: number; max: number }
  | { kind: 'preset' }
  | { kind: 'unavailable'; reason: string };

export type Problems = Record<string, FieldProblem>;

/** The model that the demo offers, and the first benchmark that can be measured. */
export function emptyForm({ models, benchmarks }: RunOptions): StartForm {
  const usable = models.filter(({ unavailable }) => unavailable === null);
  const model = usable.find(({ active }) => active) ?? usable[0];
  const benchmark = benchmarks.find(({ unavailable }) => unavailable === null);
  return {
    ...{ model: model?.revisionId ?? newEndpoint, benchmark: benchmark?.name ?? '' },
    ...{ groups: [], limit: '', repeats: '', settings: {}, cache: true },
    labels: noLabels,
    visibility: 'team',
    endpoint: { baseUrl: '', model: '', apiKeyEnv: '' },
    limits: { requestsPerMinute: '', concurrency: '', maxRequests: '' },
  };
}

/** Items that are chosen, times their repeats; null where nobody knows yet how many there are. */
export function sampleCount(form: StartForm, benchmark: BenchmarkOption): number | null {
  if (benchmark.items === null) return null;
  const chosen = benchmark.groups.filter(({ name }) => form.groups.includes(name));
  const items = form.groups.length === 0 ? benchmark.items : chosen.reduce((sum, { n }) => sum + n, 0);
  const limit = wholeOf(form.limit);
  const repeats = benchmark.task === 'understand' ? 1 : (wholeOf(form.repeats) ?? benchmark.repeats);
  return (limit === null ? items : Math.min(limit, items)) * repeats;
}

/** The preset that a form asks for; undefined for a benchmark that has none. */
export const presetOf = (form: StartForm, presets: BenchmarkOption['presets']) =>
  presets.find(({ name, usual }) => (form.settings.preset ? name === form.settings.preset : usual));

const wholeOf = (text: string): number | null => (/^\d{1,12}$/.test(text.trim()) ? Number(text) : null);

const wholeLimits: Record<string, readonly [min: number, max: number]> = {
  limit: [1, 1_000_000],
  repeats: [1, 64],
  ...Object.fromEntries(
    ofRuns.flatMap(({ key, type, min = 0, max }): [string, readonly [number, number]][] =>
      type === 'number' ? [] : [[key, [min, max?.run ?? Number.MAX_SAFE_INTEGER]]],
    ),
  ),
  requestsPerMinute: [1, 60_000],
  concurrency: [1, 64],
  maxRequests: [1, 1_000_000_000],
};

/** A number as typed; undefined where there is none, `problems` where it is none. */
function numberOf(name: string, text: string, problems: Problems): number | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  if (parameterNamed(name)?.type === 'number') {
    const value = Number(typed);
    if (Number.isFinite(value) && value >= 0) return value;
    problems[name] = { kind: 'number', min: 0 };
    return undefined;
  }
  const [min, max] = wholeLimits[name] ?? [0, Number.MAX_SAFE_INTEGER];
  const value = wholeOf(typed);
  if (value !== null && value >= min && value <= max) return value;
  problems[name] = { kind: 'whole', min, max };
  return undefined;
}

/** What the form asks for, or what is wrong with it, by field. */
export function requestOf(
  form: StartForm,
  options: RunOptions,
): { request: Omit<StartRun, 'requestId'>; problems: null } | { request: null; problems: Problems } {
  const problems: Problems = {};
  const benchmark = options.benchmarks.find(({ name }) => name === form.benchmark);
  if (!benchmark) problems.benchmark = { kind: 'required' };
  else if (benchmark.unavailable) problems.benchmark = { kind: 'unavailable', reason: benchmark.unavailable };
  if (benchmark && (presetOf(form, benchmark.presets)?.lacks.length ?? 0) > 0)
    problems.preset = { kind: 'preset' };
  const model = modelOf(form, options, problems);
  const settings: Record<string, unknown> = {};
  for (const name of benchmark?.settings ?? []) {
    const text = form.settings[name] ?? '';
    const value = numberSettings.includes(name) ? numberOf(name, text, problems) : text || undefined;
    if (value !== undefined) settings[name] = value;
  }
  const limit = numberOf('limit', form.limit, problems);
  const repeats = benchmark?.task === 'understand' ? undefined : numberOf('repeats', form.repeats, problems);
  const { labels, problems: tooLong } = labelsOf(form.labels);
  for (const name of tooLong) problems[name] = { kind: 'long' };
  if (!benchmark || !model || !labels || Object.keys(problems).length > 0) return { request: null, problems };
  const groups = benchmark.groups.map(({ name }) => name).filter((name) => form.groups.includes(name));
  return {
    problems: null,
    request: {
      benchmark: benchmark.name,
      model,
      settings,
      ...(groups.length > 0 && { groups }),
      ...(limit !== undefined && { limit }),
      ...(repeats !== undefined && { repeats }),
      cache: form.cache,
      visibility: form.visibility,
      ...labels,
    },
  };
}

function modelOf(form: StartForm, { models }: RunOptions, problems: Problems): StartRun['model'] | null {
  const known = models.find(({ revisionId }) => revisionId === form.model);
  const isEndpoint = form.model === newEndpoint || known?.kind === 'endpoint';
  const limits: Partial<Record<(typeof endpointLimits)[number], number>> = {};
  if (isEndpoint)
    for (const name of endpointLimits) {
      const value = numberOf(name, form.limits[name], problems);
      if (value !== undefined) limits[name] = value;
    }
  if (form.model === newEndpoint) {
    const { baseUrl, model, apiKeyEnv } = form.endpoint;
    if (!/^https?:\/\/[^\s/]+/.test(baseUrl.trim())) problems.baseUrl = { kind: 'address' };
    if (model.trim() === '') problems.endpointModel = { kind: 'required' };
    return {
      endpoint: {
        baseUrl: baseUrl.trim(),
        model: model.trim(),
        ...(apiKeyEnv.trim() !== '' && { apiKeyEnv: apiKeyEnv.trim() }),
        ...limits,
      },
    };
  }
  if (!known) {
    problems.model = { kind: 'required' };
    return null;
  }
  if (known.unavailable) problems.model = { kind: 'unavailable', reason: known.unavailable };
  return { revisionId: known.revisionId, ...(Object.keys(limits).length > 0 && { limits }) };
}

/** The field of the form that a server's `field` (a path such as `settings.steps`) names; null for none. */
export function fieldOf(path: string | undefined): string | null {
  if (!path) return null;
  const last = path.split('.').at(-1) ?? '';
  if (path.startsWith('model.endpoint.')) return last === 'model' ? 'endpointModel' : last;
  return last;
}
