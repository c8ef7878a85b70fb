import type { z } from 'zod';
import { storableText } from '../../platform/db/text';
import { wordPatterns } from '../../demo/history/search-words';
import { publicSql } from './redact';
import type { sampleFilterSchema } from './schema';

export type ReadyFilter = z.output<typeof sampleFilterSchema>;

export interface SamplesWhere {
  /** SQL: conditions on the table `sample` as `s`, to be joined by AND. */
  text: string;
  /** What its numbered parameters stand for; the first is the run. */
  values: unknown[];
}

/**
 * Whether a metric stands in `sample.value`, where an index sorts by it, not in the table of scores alone.
 * @param own the metric that the samples of the run are known by; undefined where nobody knows it
 */
export const isOwnMetric = (metric: string | undefined, own: string | undefined): boolean =>
  metric === undefined || metric === own;

/**
 * The samples of a run that pass a filter, as SQL. Order is not part of it, except that an order by a figure, a margin
 * or a latency has only the samples that have one.
 * @param own the metric that the samples of the run are known by
 * @param publicly passes over reasons that hold what the public is not told, so that nobody finds it out by asking
 */
export function samplesWhere(
  runId: string,
  filter: ReadyFilter,
  { own, publicly = false }: { own?: string; publicly?: boolean },
): SamplesWhere {
  const values: unknown[] = [runId];
  const given = (value: unknown) => `$${values.push(value)}`;
  const where = ['s.run_id = $1'];
  const { groups, verdict, state, reason, query, metric, min, max, order } = filter;
  if (groups !== undefined) where.push(`s."group" = ANY(${given(groups.map(storableText))}::text[])`);
  if (verdict !== undefined) where.push(`s.correct = ${verdict === 'right'}`);
  if (state !== undefined) where.push(`s.state = '${state}'`);
  if (reason !== undefined && reason.trim() !== '')
    for (const { operator, value } of wordPatterns(reason)) {
      const by = given(value);
      const error = `s.error ${operator} ${by}`;
      where.push(
        `(s.reason ${operator} ${by} OR (${error}${publicly ? ` AND ${publicSql('s.error')}` : ''}))`,
      );
    }
  const words = wordPatterns(query ?? '');
  if (words.length > 0)
    // The words are looked for once an item, not once a sample.
    where.push(`s.position = ANY(ARRAY(SELECT i.position FROM item i
      WHERE i.version_id = (SELECT r.version_id FROM evaluation_run r WHERE r.id = $1)
        AND ${words.map(({ operator, value }) => `i.prompt ${operator} ${given(value)}`).join(' AND ')}))`);
  const range = (column: string) => [
    ...(min === undefined ? [] : [`${column} >= ${given(min)}::float8`]),
    ...(max === undefined ? [] : [`${column} <= ${given(max)}::float8`]),
  ];
  if (isOwnMetric(metric, own)) where.push(...range('s.value'));
  else if (min !== undefined || max !== undefined)
    where.push(`EXISTS (SELECT 1 FROM score f WHERE f.sample_id = s.id AND f.metric = ${given(metric)}
      AND ${range('f.value').join(' AND ')})`);
  if (order === 'margin') where.push('s.margin IS NOT NULL');
  if (order === 'slowest') where.push('s.latency_ms IS NOT NULL');
  if (order === 'lowest' || order === 'highest') {
    if (isOwnMetric(metric, own)) where.push('s.value IS NOT NULL');
    else
      where.push(`EXISTS (SELECT 1 FROM score f WHERE f.sample_id = s.id AND f.metric = ${given(metric)})`);
  }
  return { text: where.join(' AND '), values };
}

/** Whether every sample of the run passes. */
export const passesAll = ({ order, groups, verdict, state, reason, query, min, max }: ReadyFilter): boolean =>
  order === 'item' &&
  [groups, verdict, state, min, max].every((one) => one === undefined) &&
  (reason ?? '').trim() === '' &&
  (query ?? '').trim() === '';
