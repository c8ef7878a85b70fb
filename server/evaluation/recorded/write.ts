import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Db } from '../../platform/db/client';
import { StudioError } from '../../platform/errors/errors';
import { reportRun } from '../report';
import { readRun } from '../run-store';
import { packSamples, type RecordedPicture, type RecordedSamples } from './format';

/**
 * Writes a finished run as a record that the repository can ship; the folder is made where it is missing.
 * @returns the paths of the two files
 * @throws StudioError CONFLICT for a run that is not done; the file system's error
 */
export async function recordRun(db: Db, runId: string, folder: string, name: string): Promise<string[]> {
  const report = await reportRun(db, runId);
  if (report.state !== 'done')
    throw new StudioError('CONFLICT', `The run is ${report.state}; only a finished run can be recorded.`);
  const run = (await readRun(db, runId))!;
  const items = await db.pool.query<RecordedSamples['items'][number]>(
    `SELECT i.position, i.key, i."group", i.data, coalesce((
       SELECT jsonb_agg(${pictureJson} || jsonb_build_object('name', p.name) ORDER BY p.position)
       FROM item_picture p JOIN blob b ON b.hash = p.hash WHERE p.item_id = i.id), '[]') AS pictures
     FROM item i WHERE i.version_id = $1 ORDER BY i.position`,
    [run.versionId],
  );
  const samples = await db.pool.query<SampleRow>(
    `SELECT i.position, s.repeat, s.state, s.text, s.error, s.latency_ms AS "latencyMs",
       CASE WHEN b.hash IS NULL THEN NULL ELSE ${pictureJson} END AS picture,
       coalesce((SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('metric', c.metric, 'value', c.value)) ||
           CASE WHEN c.details IS NULL THEN '{}' ELSE jsonb_build_object('details', c.details) END ORDER BY c.metric)
         FROM score c WHERE c.sample_id = s.id), '[]') AS scores
     FROM sample s JOIN item i ON i.id = s.item_id LEFT JOIN blob b ON b.hash = s.picture_hash
     WHERE s.run_id = $1 ORDER BY i.position, s.repeat`,
    [runId],
  );
  const packed = packSamples({
    head: {
      format: 1,
      task: run.benchmark.task,
      evaluators: run.evaluators,
      items: run.positions.length === items.rows.length ? [] : run.positions,
      itemCount: run.positions.length,
      repeats: run.repeats,
      datasetItems: items.rows.length,
    },
    items: items.rows,
    samples: samples.rows.map(({ text, error, latencyMs, picture, ...row }) => ({
      ...row,
      ...(text === null ? {} : { text }),
      ...(error === null ? {} : { error }),
      ...(latencyMs === null ? {} : { latencyMs: Math.round(latencyMs * 10) / 10 }),
      ...(picture === null ? {} : { picture }),
    })),
  });
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name);
  await writeFile(`${file}.json`, `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(`${file}.samples.gz`, packed);
  return [`${file}.json`, `${file}.samples.gz`];
}

type Nullable<T> = { [K in keyof T]-?: Exclude<T[K], undefined> | null };
type SampleRow = Omit<RecordedSamples['samples'][number], 'text' | 'error' | 'latencyMs' | 'picture'> &
  Nullable<{ text: string; error: string; latencyMs: number; picture: RecordedPicture }>;

const pictureJson = `jsonb_build_object('hash', b.hash, 'mediaType', b.media_type, 'size', b.size, 'width', b.width,
  'height', b.height)`;
