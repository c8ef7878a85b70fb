import type { Db } from '../../platform/db/client';
import { csvLine } from '../../platform/export/csv';
import { needReadable, type Reader } from '../../accounts/run-access';
import { readRunDetail } from './detail';
import { publicText } from './redact';
import type { RunDetail } from './schema';
import { metricsOf } from './view';

/** A run as one file: its samples one by one, with their figures. */

export const runFormats = ['jsonl', 'csv', 'json'] as const;
export type RunFormat = (typeof runFormats)[number];

export const runMediaTypes: Readonly<Record<RunFormat, string>> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

/** Samples read at a time: what stands in memory, however many there are. */
const atOnce = 500;

interface ExportedSample {
  key: string;
  position: number;
  group: string;
  repeat: number;
  state: string;
  prompt: string;
  text: string | null;
  /** sha256 of the picture. */
  picture: string | null;
  correct: boolean | null;
  margin: number | null;
  reason: string | null;
  latencyMs: number | null;
  cached: boolean;
  scores: Record<string, number>;
}

/**
 * The text of a file, part by part: one JSON object a line (`jsonl`), each with its run, a table (`csv`, cells harmless to spreadsheets), or
 * the run with all that its page tells, and its samples (`json`).
 * @throws StudioError NOT_FOUND, also in the middle where the run is removed or taken back meanwhile: half of a file is no
 *   file
 */
export async function* exportRun(
  db: Db,
  reader: Reader,
  runId: string,
  format: RunFormat,
): AsyncGenerator<string, void> {
  const run = await readRunDetail(db, reader, runId);
  const of = aboutRun(run);
  const metrics = metricsOf(run.benchmark.name).flatMap(({ ofSamples, metric }) => (ofSamples ? metric : []));
  if (format === 'csv') yield csvLine([...columns, ...metrics]);
  if (format === 'json') yield `{"run":${JSON.stringify(run)},"samples":[`;
  let first = true;
  for await (const batch of batches(db, reader, runId)) {
    const lines = batch.map((sample) => {
      if (format === 'csv')
        return csvLine([...cellsOf(sample, of), ...metrics.map((one) => sample.scores[one])]);
      if (format === 'jsonl') return `${JSON.stringify({ ...sample, run: of })}\n`;
      const comma = first ? '\n' : ',\n';
      first = false;
      return comma + JSON.stringify(sample);
    });
    yield lines.join('');
  }
  if (format === 'json') yield '\n]}\n';
}

const columns = [
  ...['key', 'position', 'group', 'repeat', 'state', 'prompt', 'text', 'picture_sha256', 'correct', 'margin'],
  ...['reason', 'latency_ms'],
  ...[
    'run',
    'run_name',
    'tags',
    'model',
    'version',
    'benchmark',
    'protocol',
    'settings',
    'incomplete',
    'cached',
  ],
];

/** Which run a line is of, and what sets it apart: lines of several files may come together. */
const aboutRun = ({ id, name, tags, model, benchmark, protocol, settings, incomplete }: RunDetail) => ({
  ...{ id, name, tags, model: model.name, version: model.version, benchmark: benchmark.name, protocol },
  ...{ settings, incomplete },
});
type AboutRun = ReturnType<typeof aboutRun>;

const cellsOf = (one: ExportedSample, of: AboutRun) => [
  ...[
    one.key,
    one.position,
    one.group,
    one.repeat,
    one.state,
    one.prompt,
    one.text,
    one.picture,
    one.correct,
  ],
  ...[one.margin, one.reason, one.latencyMs],
  ...[of.id, of.name, of.tags.join('; '), of.model, of.version, of.benchmark, of.protocol],
  ...[JSON.stringify(of.settings), of.incomplete, one.cached],
];

async function* batches(db: Db, reader: Reader, runId: string): AsyncGenerator<ExportedSample[]> {
  let [position, repeat] = [-1, -1];
  for (;;) {
    const { rows } = await db.pool.query<ExportedSample & { error: string | null }>(
      `SELECT i.key, s.position, s."group", s.repeat, s.state, i.prompt, s.text, s.picture_hash AS picture, s.correct,
         s.margin, s.reason, s.error, s.latency_ms AS "latencyMs", s.cached,
         coalesce((SELECT jsonb_object_agg(c.metric, c.value) FROM score c WHERE c.sample_id = s.id), '{}') AS scores
       FROM (SELECT * FROM sample WHERE run_id = $1 AND (position, repeat) > ($2, $3)
         ORDER BY position, repeat LIMIT ${atOnce}) AS s
       JOIN item i ON i.id = s.item_id ORDER BY s.position, s.repeat`,
      [runId, position, repeat],
    );
    yield rows.map(({ error, ...one }) => ({
      ...one,
      reason: error === null ? one.reason : reader.user ? error : publicText(error),
    }));
    const last = rows.at(-1);
    if (last && rows.length === atOnce) {
      ({ position, repeat } = last);
      continue;
    }
    return needReadable(db.pool, reader, runId);
  }
}
