import { z } from 'zod';
import { sampleFilterSchema, type SampleFilter } from '../../../server/evaluation/runs/schema';
import type { Query } from '../require-team';
import type { From } from './form';

/** What a link to this page chose before. */
export interface Prefill {
  from: From;
  runId: string | null;
  firstRunId: string | null;
  secondRunId: string | null;
  filter: Omit<SampleFilter, 'order'>;
}

const uuid = z.uuid();
const id = (value: string | undefined) => (uuid.safeParse(value).success ? (value as string) : null);
const filterKeys = ['verdict', 'state', 'reason', 'query', 'metric'] as const;

/**
 * Reads `?run=&verdict=&state=&group=&reason=&query=&metric=&min=&max=`, `?first=&second=` or `?from=`.
 * What a stranger wrote there and makes no sense is left out.
 */
export function prefillOf(query: Query): Prefill {
  const one = (name: string) => [query[name] ?? []].flat()[0];
  const [runId, firstRunId, secondRunId] = [id(one('run')), id(one('first')), id(one('second'))];
  const named = z.enum(['run', 'pair', 'flags', 'upload']).safeParse(one('from')).data;
  const from = runId ? 'run' : firstRunId || secondRunId ? 'pair' : (named ?? 'run');
  const groups = [query.group ?? []].flat();
  const { shape } = sampleFilterSchema;
  const filter: Prefill['filter'] = {
    ...(groups.length > 0 && shape.groups.safeParse(groups).success ? { groups } : {}),
  };
  for (const key of filterKeys) {
    const read = shape[key].safeParse(one(key));
    if (read.success && read.data) Object.assign(filter, { [key]: read.data });
  }
  for (const key of ['min', 'max'] as const) {
    const text = one(key)?.trim();
    if (filter.metric && text && Number.isFinite(Number(text))) filter[key] = Number(text);
  }
  return { from, runId, firstRunId, secondRunId, filter };
}
