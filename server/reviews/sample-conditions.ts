import type { z } from 'zod';
import type { sampleFilterSchema } from '../runs/schema';

/**
 * SQL of the conditions under which a sample `s` of an item `i` passes a filter; the order of the filter says nothing
 * about that. Text is matched as it stands, without regard to capitals.
 * @param put adds a value and gives its placeholder
 */
export function sampleConditions(
  filter: z.infer<typeof sampleFilterSchema>,
  put: (value: unknown) => string,
): string {
  const { groups, verdict, state, reason, query, metric, min, max } = filter;
  const conditions: string[] = [];
  const score = (metricName: string, test: string) =>
    `EXISTS (SELECT 1 FROM score c WHERE c.sample_id = s.id AND c.metric = ${metricName} AND ${test})`;
  if (groups?.length) conditions.push(`i."group" = ANY(${put(groups)}::text[])`);
  if (verdict) conditions.push(score(`'correct'`, verdict === 'right' ? 'c.value = 1' : 'c.value = 0'));
  if (state) conditions.push(`s.state = ${put(state)}::sample_state`);
  if (reason) {
    const pattern = put(like(reason));
    conditions.push(`(s.error ILIKE ${pattern} OR EXISTS (
      SELECT 1 FROM score c WHERE c.sample_id = s.id AND c.details->>'reason' ILIKE ${pattern}))`);
  }
  for (const word of query?.split(/\s+/).filter(Boolean) ?? [])
    conditions.push(
      `coalesce(i.data->>'prompt', i.data->>'question', i.data->>'instruction', '') ILIKE ${put(like(word))}`,
    );
  if (metric && min !== undefined) conditions.push(score(put(metric), `c.value >= ${put(min)}`));
  if (metric && max !== undefined) conditions.push(score(put(metric), `c.value <= ${put(max)}`));
  return conditions.length > 0 ? conditions.join(' AND ') : 'true';
}

const like = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
