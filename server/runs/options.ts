import { existsSync } from 'node:fs';
import path from 'node:path';
import { benchmarks } from '../../eval/benchmarks';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import { SYNTHETIC_KINDS, syntheticEdits } from '../../eval/benchmarks/editing/synthetic';
import { editingPresets } from '../../eval/benchmarks/editing/score';
import { officialPrompts } from '../../eval/benchmarks/geneval/prompts';
import { syntheticQuestionTexts } from '../../eval/benchmarks/mmmu/synthetic';
import type { Db } from '../db/client';
import { isOwn, isPulled, storedVersion } from '../evaluation/data';
import { settingsOf } from '../evaluation/settings';
import { liveWorkers, type LiveWorker } from '../inference/health';
import { activeRevisionSql } from '../inference/registry';
import type { RunOptions } from './schema';

type Group = RunOptions['benchmarks'][number]['groups'][number];

/** What can be started, for the form. */
export async function readOptions(db: Db): Promise<RunOptions> {
  const workers = await liveWorkers(db);
  const [models, all] = await Promise.all([
    modelsOf(db, workers),
    Promise.all(Object.values(benchmarks).map((benchmark) => benchmarkOption(db, benchmark))),
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
  return 'No worker has this model just now, and its directory is not on this machine.';
}

async function benchmarkOption(
  db: Db,
  benchmark: BenchmarkDefinition,
): Promise<RunOptions['benchmarks'][number]> {
  const { name, title, task, synthetic, repeats } = benchmark;
  return {
    ...{ name, title, task, synthetic, repeats },
    ...(await dataOf(db, benchmark)),
    settings: [...settingsOf[task]],
    presets: task === 'edit' ? Object.keys(editingPresets) : [],
  };
}

/** How many items the data of a benchmark has, by group, and why there is none. */
export async function dataOf(
  db: Db,
  benchmark: BenchmarkDefinition,
): Promise<{ items: number | null; groups: Group[]; unavailable: string | null }> {
  if (isOwn(benchmark)) {
    const groups = ownGroups(benchmark);
    return { items: groups.reduce((sum, { n }) => sum + n, 0), groups, unavailable: null };
  }
  const version = await storedVersion(db, benchmark);
  if (version) return { items: version.itemCount, groups: await groupsOf(db, version.id), unavailable: null };
  if (isPulled(benchmark.name)) return { items: null, groups: [], unavailable: null };
  return {
    items: null,
    groups: [],
    unavailable: `${benchmark.title} is no part of the project. Get it first: studio data pull ${benchmark.name}`,
  };
}

const own = new Map<string, Group[]>();

/** Of the sets that the project makes itself, without drawing them. */
function ownGroups({ name }: BenchmarkDefinition): Group[] {
  const found = own.get(name) ?? counted(ownNames(name));
  own.set(name, found);
  return found;
}

function ownNames(name: string): string[] {
  if (name === 'geneval') return officialPrompts().map(({ tag }) => tag);
  if (name === 'synthetic-mmmu') return [...syntheticQuestionTexts()].map(({ subject }) => subject);
  // The kinds come in turns.
  const size = syntheticEdits().size ?? 0;
  return Array.from({ length: size }, (_, i) => SYNTHETIC_KINDS[i % SYNTHETIC_KINDS.length]!);
}

const counted = (names: readonly string[]): Group[] =>
  [...new Set(names)].map((name) => ({ name, n: names.filter((one) => one === name).length }));

/** What is stored does not change. */
const stored = new Map<string, Group[]>();

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
