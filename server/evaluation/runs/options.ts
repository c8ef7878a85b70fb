import { existsSync } from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import { allBenchmarks } from '../../../eval/benchmarks';
import type { Benchmark } from '../../../eval/benchmarks/definition';
import { addCommand, presetEvaluators } from '../../../eval/benchmarks/preset-state';
import { presetsFor } from '../../../eval/benchmarks/presets';
import type { Db } from '../../platform/db/client';
import { isOwn, isPulled, storedVersion } from '../data';
import { liveWorkers, type LiveWorker } from '../../inference/health';
import { activeRevisionSql } from '../../inference/registry';
import type { RunOptions } from './schema';

type Group = RunOptions['benchmarks'][number]['groups'][number];

/** What can be started, for the form. */
export async function readOptions(db: Db): Promise<RunOptions> {
  const workers = await liveWorkers(db);
  const [models, all] = await Promise.all([
    modelsOf(db, workers),
    Promise.all(allBenchmarks().map((benchmark) => benchmarkOption(db, benchmark))),
  ]);
  return { models, benchmarks: all, workers: workers.length };
}

async function modelsOf(db: Db, workers: readonly LiveWorker[]): Promise<RunOptions['models']> {
  const [{ rows }, active] = await Promise.all([
    db.pool.query<{
      name: string;
      version: string;
      kind: 'directory' | 'endpoint';
      revisionId: string;
      hash: string;
      location: string | null;
    }>(
      `SELECT m.name, v.version, v.kind, v.id AS "revisionId", v.manifest_hash AS hash, v.location
       FROM model_revision v JOIN model m ON m.id = v.model_id WHERE v.kind <> 'imported'
       ORDER BY v.activated_at DESC NULLS LAST, m.name, v.version, v.id LIMIT 500`,
    ),
    db.pool.query<{ id: string }>(activeRevisionSql),
  ]);
  return rows.map(({ location, ...model }) => ({
    ...model,
    active: model.revisionId === active.rows[0]?.id,
    unavailable: model.kind === 'directory' ? whyNot({ location, hash: model.hash }, workers) : null,
  }));
}

/** A run of a model that only a worker of tomorrow has would fail today. Without any worker it waits. */
function whyNot(
  { hash, location }: { hash: string; location: string | null },
  workers: readonly LiveWorker[],
): string | null {
  if (workers.length === 0 || workers.some(({ inference }) => inference.hash === hash)) return null;
  if (location !== null && existsSync(path.join(location, 'manifest.json'))) return null;
  return 'No online worker has this model, and its directory is not on this machine.';
}

async function benchmarkOption(db: Db, benchmark: Benchmark): Promise<RunOptions['benchmarks'][number]> {
  const { name, title, task, synthetic, repeats, settings } = benchmark;
  return {
    ...{ name, title, task, synthetic, repeats },
    ...(await dataOf(db, benchmark)),
    settings: [...settings],
    presets: presetOptions(benchmark),
  };
}

/** Its presets, and what of each is to be installed first. As of data sets, this machine decides. */
function presetOptions({ evaluators, usualPreset }: Benchmark): RunOptions['benchmarks'][number]['presets'] {
  return presetsFor(evaluators).map((preset) => ({
    name: preset.name,
    usual: preset.name === usualPreset,
    lacks: presetEvaluators(preset, evaluators).flatMap(({ name, problem }) =>
      problem === null ? [] : [{ evaluator: name, problem, command: addCommand(name) }],
    ),
  }));
}

/** How many items the data of a benchmark has, by group, and why there is none. */
export async function dataOf(
  db: Db,
  benchmark: Benchmark,
): Promise<{ items: number | null; groups: Group[]; unavailable: string | null }> {
  if (isOwn(benchmark)) {
    const groups = await ownGroups(benchmark);
    if (!groups) return { items: null, groups: [], unavailable: null };
    return { items: groups.reduce((sum, { n }) => sum + n, 0), groups, unavailable: null };
  }
  const version = await storedVersion(db, benchmark);
  if (version) return { items: version.itemCount, groups: await groupsOf(db, version.id), unavailable: null };
  if (isPulled(benchmark.name)) return { items: null, groups: [], unavailable: null };
  return {
    items: null,
    groups: [],
    unavailable: `${benchmark.title} doesn’t ship with the project. Download it first: studio data pull ${benchmark.name}`,
  };
}

const own = new Map<string, Group[]>();

/** Of a set that comes with the project, without drawing it; null where that does not tell its groups. */
async function ownGroups({ name, load }: Benchmark): Promise<Group[] | null> {
  const found = own.get(name);
  if (found) return found;
  const names = (await load()).itemGroups?.();
  if (!names) return null;
  const groups = counted(names);
  own.set(name, groups);
  return groups;
}

const counted = (names: readonly string[]): Group[] =>
  [...new Set(names)].map((name) => ({ name, n: names.filter((one) => one === name).length }));

/** What is stored does not change. */
const stored = new LRUCache<string, Group[]>({ max: 100 });

async function groupsOf(db: Db, versionId: string): Promise<Group[]> {
  const found = stored.get(versionId);
  if (found) return found;
  const { rows } = await db.pool.query<Group>(
    `SELECT "group" AS name, count(*)::int AS n FROM item WHERE version_id = $1
     GROUP BY "group" ORDER BY min(position)`,
    [versionId],
  );
  stored.set(versionId, rows);
  return rows;
}
