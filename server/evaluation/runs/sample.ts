import { benchmarkOf, findBenchmark } from '../../../eval/benchmarks';
import type { BenchmarkMethods, SampleView } from '../../../eval/benchmarks/definition';
import { verdictMetric } from '../../../eval/benchmarks/metric';
import { runSettingsSchema } from '../../../eval/benchmarks/settings';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import { readableSql, type Reader } from '../../accounts/run-access';
import type { SampleDetail } from './schema';
import { tilesOf } from './tiles';

const noSample = () =>
  new StudioError('NOT_FOUND', 'This sample doesn’t exist. Its run may have been removed.', {
    reason: 'NO_SAMPLE',
  });

interface SampleRecord {
  run_id: string;
  key: string;
  group: string;
  data: unknown;
  prompt: string;
  text: string | null;
  repeat: number;
  cached: boolean;
  created_at: Date;
  settings: unknown;
  benchmark: string;
  pictures: SampleDetail['pictures'];
  siblings: SampleDetail['siblings'];
  details: Record<string, unknown>;
}

/** Everything about a sample. @throws StudioError NOT_FOUND, also for one of a run that is not for this reader */
export async function readSample(db: Db, reader: Reader, id: string): Promise<SampleDetail> {
  const [[tile], { rows }] = await Promise.all([
    tilesOf(db, reader, [id]),
    db.pool.query<SampleRecord>(
      `SELECT s.run_id, i.key, i."group", i.data, i.prompt, s.text, s.repeat, s.cached, s.created_at, r.settings,
         b.name AS benchmark,
         coalesce((SELECT jsonb_agg(jsonb_build_object('name', q.name, 'hash', p.hash, 'width', p.width, 'height', p.height)
           ORDER BY q.position) FROM item_picture q JOIN blob p ON p.hash = q.hash WHERE q.item_id = i.id), '[]') AS pictures,
         coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'repeat', o.repeat, 'correct', o.correct, 'picture',
             CASE WHEN p.hash IS NOT NULL THEN jsonb_build_object('hash', p.hash, 'width', p.width, 'height', p.height) END)
           ORDER BY o.repeat) FROM sample o LEFT JOIN blob p ON p.hash = o.picture_hash
           WHERE o.run_id = s.run_id AND o.item_id = s.item_id AND o.id <> s.id), '[]') AS siblings,
         coalesce((SELECT jsonb_object_agg(c.metric, c.details) FROM score c
           WHERE c.sample_id = s.id AND c.details IS NOT NULL), '{}') AS details
       FROM sample s JOIN item i ON i.id = s.item_id JOIN evaluation_run r ON r.id = s.run_id
         JOIN benchmark_version d ON d.id = r.version_id JOIN benchmark b ON b.id = d.benchmark_id
       WHERE s.id = $1 AND ${readableSql(reader)}`,
      [id],
    ),
  ]);
  const row = rows[0];
  if (!tile || !row) throw noSample();
  const benchmark = findBenchmark(row.benchmark) && (await benchmarkOf(row.benchmark));
  const { expected, ...view }: SampleView = benchmark
    ? benchmark.describe({ ...row, picture: tile.picture })
    : unknownView;
  return {
    ...tile,
    margin: tile.margin ?? view.margin ?? null,
    runId: row.run_id,
    prompt: row.prompt,
    text: row.text,
    expected,
    pictures: row.pictures,
    detections: view.detections ?? [],
    threshold: view.threshold ?? null,
    decisions: view.decisions ?? [],
    details: smallDetails(row.details, Object.keys(benchmark?.largeDetails ?? {})),
    request: benchmark ? requestOf(row, benchmark) : {},
    cached: row.cached,
    siblings: row.siblings,
    createdAt: row.created_at,
  };
}

/** What led to the scores, by metric, without what is large. */
function smallDetails(details: Record<string, unknown>, large: readonly string[]): Record<string, unknown> {
  const { [verdictMetric]: verdict, ...others } = details;
  const entries = Object.entries({ ...others, [verdictMetric]: verdict }).flatMap(([metric, one]) => {
    if (one === undefined) return [];
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [[metric, one] as const];
    const small = Object.entries(one).filter(([name]) => !large.includes(name));
    return small.length > 0 ? [[metric, Object.fromEntries(small)] as const] : [];
  });
  return Object.fromEntries(entries);
}

/** Of a benchmark that this version does not know: nothing was asked for that it could tell. */
const unknownView: SampleView = {
  expected: { kind: 'objects', include: [], exclude: [] },
};

/** What the model was asked, with how many pictures in place of the pictures. */
function requestOf(
  { settings, repeat, pictures, ...item }: SampleRecord,
  benchmark: Pick<BenchmarkMethods, 'request'>,
): Record<string, unknown> {
  const parsed = runSettingsSchema.safeParse(settings);
  if (!parsed.success) return {};
  const named = pictures.map(({ name }) => ({ name, bytes: new Uint8Array() }));
  const request = benchmark.request({ ...item, pictures: named }, parsed.data, repeat);
  if (request.task === 'understand') {
    const { images, ...rest } = request;
    return { ...rest, pictures: images.length };
  }
  if (request.task === 'edit') {
    const { image: _, ...rest } = request;
    return { ...rest, pictures: 1 };
  }
  return { ...request };
}
