import path from 'node:path';
import type { Benchmark, BenchmarkDefinition } from '../../eval/benchmarks/definition';
import { lockName } from '../../eval/datasets/lock';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { StudioError } from '../platform/errors/errors';
import { existsSync } from 'node:fs';
import type { StoredVersion } from './dataset-store';

/** Where the data of a run comes from that is started from the page. */

/** Where `studio data pull` puts a set that is no part of the project, seen from the project's folder. */
export const pulledFolder = (name: string): string => path.resolve('var/datasets', name);

/** Whether the set was fetched on this machine. */
export const isPulled = (name: string): boolean => existsSync(path.join(pulledFolder(name), lockName));

/** Sets that come with the project, and so are always there. */
export const isOwn = ({ pull }: Pick<Benchmark, 'pull'>): boolean => pull === undefined;

/**
 * The version of a data set that was stored before and can be asked: of those that the present protocol scores the one
 * with the most items, the newest of equals. One that came with imported outputs, without its pictures, is none.
 */
export async function storedVersion(
  db: Db,
  { name, protocol, outputsBringData }: Pick<Benchmark, 'name' | 'protocol' | 'outputsBringData'>,
): Promise<{ id: string; datasetHash: string; itemCount: number } | null> {
  const { rows } = await db.pool.query<{ id: string; datasetHash: string; itemCount: number }>(
    `SELECT d.id, d.dataset_hash AS "datasetHash", d.item_count AS "itemCount"
     FROM benchmark_version d JOIN benchmark b ON b.id = d.benchmark_id
     WHERE b.name = $1 AND d.protocol = $2 AND d.item_count > 0
       ${outputsBringData ? 'AND EXISTS (SELECT 1 FROM item i JOIN item_picture p ON p.item_id = i.id WHERE i.version_id = d.id)' : ''}
     ORDER BY d.item_count DESC, d.created_at DESC, d.id LIMIT 1`,
    [name, protocol],
  );
  return rows[0] ?? null;
}

/**
 * The data of a run: a set of the project is made and stored, or found stored; of any other a stored one is taken, or the
 * one that was fetched on this machine. May take minutes.
 * @param onItem called after each item that is stored
 * @throws StudioError BAD_REQUEST where there is none
 */
export async function dataFor(
  deps: { db: Db; blobs: BlobStore },
  benchmark: BenchmarkDefinition,
  onItem: () => void,
): Promise<Pick<StoredVersion, 'id' | 'datasetHash' | 'itemCount'>> {
  const { storeDataset } = await import('./dataset-store');
  const own = isOwn(benchmark);
  const stored = own ? null : await storedVersion(deps.db, benchmark);
  if (stored) return stored;
  if (!own && !isPulled(benchmark.name))
    throw new StudioError(
      'BAD_REQUEST',
      `${benchmark.title} is not on this worker's machine. Download it with studio data pull ${benchmark.name}.`,
    );
  const dataset = await benchmark.open(own ? {} : { data: pulledFolder(benchmark.name) });
  return storeDataset(deps, benchmark, dataset, onItem);
}

/** Stands for the data of a run until it is stored: no set has this hash. */
export const preparingHash = 'preparing'.padEnd(64, '-');
export const isPreparing = (datasetHash: string): boolean => datasetHash === preparingHash;
