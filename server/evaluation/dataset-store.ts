import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { benchmarkOf, findBenchmark } from '../../eval/benchmarks';
import type { Benchmark } from '../../eval/benchmarks/definition';
import type { Problem } from '../../eval/benchmarks/problem';
import { datasetHasher } from '../../eval/datasets/hash';
import type { Dataset, DatasetItem } from '../../eval/datasets/types';
import { sha256 } from '../../eval/fingerprint';
import { ImageError, inspectImage } from '../../models/runtime';
import { storePicture } from '../platform/blobs/pictures';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { storableJson } from '../platform/db/text';
import { transaction } from '../platform/db/transaction';
import { oneLine, StudioError } from '../platform/errors/errors';

/** Data sets in the database: items as rows, their pictures as blobs, so that every worker has them. */

export interface StoredVersion {
  id: string;
  datasetHash: string;
  itemCount: number;
  problems: Problem[];
}

const atOnce = 100;

/**
 * Stores a data set, or finds that it is stored: its hash is known once it has been read.
 * @param onItem called after each item
 * @throws StudioError BAD_REQUEST when it has no item; whatever the data set's reader throws
 */
export async function storeDataset(
  deps: { db: Db; blobs: BlobStore },
  benchmark: Benchmark,
  dataset: Dataset,
  onItem: (done: number, total: number | null) => void = () => {},
): Promise<StoredVersion> {
  const { name, title, task, synthetic, protocol } = benchmark;
  const { id: benchmarkId } = await deps.db.prisma.benchmark.upsert({
    where: { name },
    create: { name, title, task, synthetic },
    update: { title },
  });
  const known = (datasetHash: string) =>
    deps.db.prisma.benchmarkVersion.findFirst({ where: { benchmarkId, datasetHash, protocol } });
  const already = dataset.hash === undefined ? null : await known(dataset.hash);
  if (already) return storedVersion(already);
  try {
    return await transaction(deps.db.pool, async (client) => {
      const id = randomUUID();
      await client.query(
        `INSERT INTO benchmark_version (id, benchmark_id, dataset_hash, protocol, item_count) VALUES ($1, $2, $3, $4, 0)`,
        // No data set has this hash: it stands in until the real one is known.
        [id, benchmarkId, id.replaceAll('-', '').padEnd(64, '-'), protocol],
      );
      const { count, datasetHash, problems } = await insertAll(deps, client, id, dataset, onItem);
      if (count === 0) {
        const [first] = problems;
        const why = first ? `: ${first.where} ${first.reason}` : '';
        throw new StudioError('BAD_REQUEST', `The dataset of ${title} has no usable items${why}.`);
      }
      const found = await known(datasetHash);
      if (found) throw new AlreadyStored(storedVersion(found));
      await client.query(
        `UPDATE benchmark_version SET dataset_hash = $2, item_count = $3, problems = $4 WHERE id = $1`,
        [id, datasetHash, count, storableJson(problems)],
      );
      return { id, datasetHash, itemCount: count, problems };
    });
  } catch (error) {
    if (error instanceof AlreadyStored) return error.version;
    const { code, constraint } = error as { code?: string; constraint?: string };
    // Somebody stored the same set at the same time, and is done now.
    if (code === '23505' && constraint?.startsWith('benchmark_version'))
      return storeDataset(deps, benchmark, dataset, onItem);
    throw error;
  }
}

/** Rolls the transaction back: the data set turned out to be stored. */
class AlreadyStored extends Error {
  constructor(readonly version: StoredVersion) {
    super('already stored');
  }
}

const storedVersion = (row: {
  id: string;
  datasetHash: string;
  itemCount: number;
  problems: unknown;
}): StoredVersion => ({ ...row, problems: row.problems as Problem[] });

/** Of two items with one key the first counts; one whose picture cannot be read is a problem. */
async function insertAll(
  deps: { db: Db; blobs: BlobStore },
  client: pg.PoolClient,
  versionId: string,
  dataset: Dataset,
  onItem: (done: number, total: number | null) => void,
): Promise<{ count: number; datasetHash: string; problems: Problem[] }> {
  const hasher = datasetHasher();
  const keys = new Set<string>();
  const unusable: Problem[] = [];
  let waiting: WaitingItem[] = [];
  for await (const item of dataset.items()) {
    const reject = (reason: string) => void unusable.push({ where: item.key, reason });
    if (keys.has(item.key)) {
      reject('is the key of two items; the first counts');
      continue;
    }
    const pictures = await storePictures(deps, item).catch((error: unknown) => {
      if (!(error instanceof ImageError)) throw error;
      reject(oneLine(error));
    });
    if (!pictures) continue;
    keys.add(item.key);
    hasher.add(item);
    waiting.push({ item, pictures });
    if (waiting.length === atOnce) {
      await insertItems(client, versionId, keys.size, waiting);
      waiting = [];
    }
    onItem(keys.size, dataset.size);
  }
  await insertItems(client, versionId, keys.size, waiting);
  const problems = [...dataset.problems, ...unusable];
  // A set that lacks items is another than the same items whole.
  hasher.addProblems(problems);
  return { count: keys.size, datasetHash: hasher.digest(), problems };
}

interface WaitingItem {
  item: DatasetItem;
  pictures: { name: string; hash: string }[];
}

async function storePictures(deps: { db: Db; blobs: BlobStore }, item: DatasetItem) {
  const stored: { name: string; hash: string }[] = [];
  for (const { name, bytes } of item.pictures) {
    const { format, width, height } = await inspectImage(Buffer.from(bytes));
    const { hash } = await storePicture(deps, bytes, { mediaType: `image/${format}`, width, height });
    stored.push({ name, hash });
  }
  return stored;
}

/** @param count of the items so far, those that wait included */
async function insertItems(
  client: pg.PoolClient,
  versionId: string,
  count: number,
  waiting: readonly WaitingItem[],
): Promise<void> {
  const first = count - waiting.length;
  const rows = waiting.map(({ item, pictures }, i) => ({
    id: randomUUID(),
    position: first + i,
    key: item.key,
    group: item.group,
    data: item.data,
    pictures: pictures.map((picture, position) => ({ position, ...picture })),
  }));
  await client.query(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($2::jsonb)
         AS t(id uuid, position int, key text, "group" text, data jsonb, pictures jsonb)
     ), made AS (
       INSERT INTO item (id, version_id, position, key, "group", data)
       SELECT id, $1, position, key, "group", data FROM given
     )
     INSERT INTO item_picture (item_id, position, name, hash)
     SELECT given.id, p.position, p.name, p.hash
     FROM given, jsonb_to_recordset(given.pictures) AS p(position int, name text, hash char(64))`,
    [versionId, storableJson(rows)],
  );
}

/** An item with its pictures' bytes, and the id of its row. */
export interface StoredItem extends DatasetItem {
  id: string;
  position: number;
  /** sha256 of each picture, in order. */
  hashes: string[];
}

/**
 * Items by position, in that order. Pictures of the project's own sets that are not in the store are drawn again.
 * @throws StudioError NOT_FOUND for a picture that is gone
 */
export async function readItems(
  { db, blobs }: { db: Db; blobs: BlobStore },
  versionId: string,
  positions: readonly number[],
): Promise<StoredItem[]> {
  const rows = await db.prisma.item.findMany({
    where: { versionId, position: { in: [...positions] } },
    orderBy: { position: 'asc' },
    select: {
      id: true,
      position: true,
      key: true,
      group: true,
      data: true,
      pictures: { orderBy: { position: 'asc' }, select: { name: true, hash: true } },
    },
  });
  await redrawItems(
    { db, blobs },
    rows.flatMap(({ pictures }) => pictures.map(({ hash }) => hash)),
  );
  return Promise.all(
    rows.map(async ({ pictures, ...row }) => ({
      ...row,
      hashes: pictures.map(({ hash }) => hash),
      pictures: await Promise.all(
        pictures.map(async ({ name, hash }) => {
          const bytes = await blobs.get(hash);
          if (!bytes)
            throw new StudioError(
              'NOT_FOUND',
              `The image ${name} of item ${row.key} is not in the blob store.`,
            );
          return { name, bytes };
        }),
      ),
    })),
  );
}

/**
 * Draws pictures of synthetic data sets that are not in the store.
 * @param hashes of pictures, of items or not
 */
export async function redrawItems(
  { db, blobs }: { db: Db; blobs: BlobStore },
  hashes: readonly string[],
): Promise<void> {
  const missing: string[] = [];
  for (const hash of hashes) if (!(await blobs.has(hash))) missing.push(hash);
  if (missing.length === 0) return;
  const { rows } = await db.pool.query<{ benchmark: string; position: number }>(
    `SELECT DISTINCT b.name AS benchmark, i.position FROM item_picture p JOIN item i ON i.id = p.item_id
       JOIN benchmark_version v ON v.id = i.version_id JOIN benchmark b ON b.id = v.benchmark_id
     WHERE p.hash = ANY($1) AND b.synthetic`,
    [missing],
  );
  for (const { benchmark, position } of rows) {
    const { redraw } = findBenchmark(benchmark) ? await benchmarkOf(benchmark) : {};
    for (const { bytes } of (await redraw?.(position)) ?? []) {
      const hash = sha256(bytes);
      // Another version of the image library writes other bytes: those are not the data set's.
      if (missing.includes(hash)) await blobs.put(hash, bytes);
    }
  }
}
