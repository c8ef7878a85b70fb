import { randomUUID } from 'node:crypto';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import type { RunSettings } from '../../eval/benchmarks/settings';
import type { EvaluatorDirectories } from '../../eval/evaluators/open';
import { fingerprint, measurer, sha256 } from '../../eval/fingerprint';
import type { RunLabels, Visibility } from './labels';
import type { BlobStore } from '../platform/blobs/store';
import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import { addBatches, importing } from './control';
import { chosenEvaluators, identifyEvaluators } from './evaluators';
import { provenance, type Provenance } from './provenance';
import type { Revision } from './revisions';
import type { RunEvaluators } from './run-evaluators';
import { moveRun } from './run-store';
import { checkRepeats, decided, settingsFor } from './settings';

/** Starting of evaluation runs. */

export interface EvaluationDeps {
  db: Db;
  blobs: BlobStore;
}

export interface NewRun {
  benchmark: BenchmarkDefinition;
  /** Its data set, as stored. */
  version: { id: string; datasetHash: string; itemCount: number };
  revision: Revision;
  settings: unknown;
  /** Samples of each item; the protocol's by default. */
  repeats?: number;
  /** Only some of the items: exactly these positions, or those of some groups, or so many. */
  subset?: { positions?: readonly number[]; groups?: readonly string[]; limit?: number };
  /** Other evaluators than the preset's, by kind. */
  evaluators?: EvaluatorDirectories;
  /** The run whose outputs are scored again. */
  sourceId?: string;
  /** Whether outputs of earlier runs may be taken; yes by default. */
  cache?: boolean;
  /** Who may read it; the team by default. Nothing is published before it is done. */
  visibility?: Exclude<Visibility, 'published'>;
  /** What it is called. */
  labels?: RunLabels;
  /** Who owns it; nobody by default. */
  startedBy?: string | null;
}

/**
 * Starts a run: its row and its jobs, all or nothing.
 * @returns its id
 * @throws StudioError BAD_REQUEST, MODEL_INVALID
 */
export async function startRun(deps: EvaluationDeps, given: NewRun): Promise<string> {
  return createRun(deps, given, true);
}

/** The same without jobs, for one whose samples are brought first: it is paused until then. */
export async function createRun(deps: EvaluationDeps, given: NewRun, enqueued: boolean): Promise<string> {
  const plan = await planRun(deps, given);
  const id = randomUUID();
  await transaction(deps.db.pool, async (client) => {
    await client.query(
      `INSERT INTO evaluation_run (id, revision_id, source_id, version_id, settings, items, item_count, repeats,
         evaluators, fingerprint, fingerprint_of, provenance, visibility, started_by, name, note, tags)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        ...[id, given.revision.id, given.sourceId ?? null, ...columnsOf(plan)],
        ...[given.visibility ?? 'team', given.startedBy ?? null],
        ...[given.labels?.name ?? null, given.labels?.note ?? null, given.labels?.tags ?? []],
      ],
    );
    if (enqueued) await addBatches(client, id, plan.itemCount * plan.repeats);
    else await moveRun(client, id, { from: ['running'], to: 'paused', reason: importing });
  });
  return id;
}

/** What a run is going to measure and how: all that its row says of it. */
export interface RunPlan {
  versionId: string;
  settings: RunSettings;
  /** Empty for all. */
  positions: readonly number[];
  itemCount: number;
  repeats: number;
  evaluators: RunEvaluators;
  fingerprintId: string;
  fingerprintOf: object;
  origin: Provenance;
}

/** Values of the columns version_id, settings, items, item_count, repeats, evaluators, fingerprint, fingerprint_of, provenance. */
export const columnsOf = (plan: RunPlan): unknown[] => [
  plan.versionId,
  JSON.stringify(plan.settings),
  plan.positions,
  plan.itemCount,
  plan.repeats,
  JSON.stringify(plan.evaluators),
  plan.fingerprintId,
  JSON.stringify(plan.fingerprintOf),
  JSON.stringify(plan.origin),
];

/** @throws StudioError BAD_REQUEST, MODEL_INVALID */
export async function planRun({ db }: EvaluationDeps, given: NewRun): Promise<RunPlan> {
  const { benchmark, version, revision, repeats = benchmark.repeats } = given;
  checkRepeats(benchmark, repeats);
  const settings = settingsFor(benchmark, given.settings);
  const evaluators = await identifyEvaluators(
    benchmark,
    chosenEvaluators(benchmark, settings.preset, given.evaluators),
  );
  const positions = await chosen(db, version.id, given.subset ?? {});
  const identities = Object.values(evaluators).filter((one) => one !== undefined);
  const { id: fingerprintId, ...parts } = fingerprint({
    benchmark: benchmark.name,
    protocol: benchmark.protocol,
    dataset: version.datasetHash,
    items: positions === null ? 'all' : sha256(JSON.stringify(positions)),
    repeats,
    // What is left out is each model's own default, which does not make its figures of another kind.
    settings,
    ...benchmark.scoring(identities, settings),
    evaluators: identities.map(measurer),
  });
  return {
    versionId: version.id,
    settings: decided(settings, benchmark, revision),
    positions: positions ?? [],
    itemCount: positions?.length ?? version.itemCount,
    ...{ repeats, evaluators, fingerprintId, fingerprintOf: parts },
    origin: await provenance({
      cache: given.cache ?? true,
      ...(revision.kind === 'endpoint' ? { endpoint: revision.manifest } : {}),
    }),
  };
}

/** Positions of the items chosen, rising; null for all of them. A limit takes items evenly from every group. */
async function chosen(
  db: Db,
  versionId: string,
  { positions: given, groups, limit }: NonNullable<NewRun['subset']>,
): Promise<number[] | null> {
  if (given !== undefined) return [...given];
  if (groups === undefined && limit === undefined) return null;
  const all = await db.prisma.item.findMany({
    where: { versionId },
    orderBy: { position: 'asc' },
    select: { position: true, group: true },
  });
  const known = new Set(all.map(({ group }) => group));
  const strange = groups?.find((group) => !known.has(group));
  if (strange !== undefined)
    throw new StudioError('BAD_REQUEST', `Unknown group ${strange}. Choose from ${[...known].join(', ')}.`);
  const wanted = all.filter(({ group }) => groups?.includes(group) ?? true);
  const positions = wanted.map(({ position }) => position);
  if (limit === undefined || limit >= positions.length)
    return positions.length === all.length ? null : positions;
  if (!Number.isInteger(limit) || limit < 1)
    throw new StudioError('BAD_REQUEST', `The limit must be a whole number from 1, not ${limit}.`);
  // Group after group: of items that come in turns an even step would leave some kinds out.
  const byGroup = [...known].flatMap((name) => wanted.filter(({ group }) => group === name));
  return Array.from(
    { length: limit },
    (_, i) => byGroup[Math.floor((i * byGroup.length) / limit)]!.position,
  ).sort((a, b) => a - b);
}
