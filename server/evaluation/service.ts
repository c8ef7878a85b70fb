import { randomUUID } from 'node:crypto';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import { editingPresets } from '../../eval/benchmarks/editing/score';
import { runSettingsSchema, type RunSettings } from '../../eval/benchmarks/settings';
import type { EvaluatorDirectories } from '../../eval/evaluators/open';
import { fingerprint, measurer, sha256 } from '../../eval/fingerprint';
import { manifestSchema, type Task } from '../../models/runtime';
import type { BlobStore } from '../blobs/store';
import type { Db } from '../db/client';
import { transaction } from '../db/transaction';
import { StudioError } from '../errors/errors';
import { batchJob, evaluationPriority, finishJob } from '../jobs/definition';
import { addJob, cancelChannel } from '../jobs/queue';
import { batchKey } from './batch-handler';
import { identifyEvaluators } from './evaluators';
import { provenance } from './provenance';
import type { Revision } from './revisions';
import { moveRun, readRun, sampleCount, stateOf, type Run, type RunState } from './run-store';
import { countSamples } from './sample-store';

/** Starting, pausing, resuming and cancelling of evaluation runs. */

export interface EvaluationDeps {
  db: Db;
  blobs: BlobStore;
}

/** Samples of one job. A job that takes long lets others go first in its middle. */
const batchSize = 8;

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
  /** Other evaluators than the benchmark's defaults, by kind. */
  evaluators?: EvaluatorDirectories;
  /** The run whose outputs are scored again. */
  sourceId?: string;
  /** Whether outputs of earlier runs may be taken; yes by default. */
  cache?: boolean;
}

/**
 * Starts a run: its row and its jobs, all or nothing.
 * @returns its id
 * @throws StudioError BAD_REQUEST, MODEL_INVALID
 */
export async function startRun(deps: EvaluationDeps, given: NewRun): Promise<string> {
  return createRun(deps, given, true);
}

/** Why a run is paused whose outputs are being brought. */
export const importing = 'Its outputs are being imported.';

/** The same without jobs, for one whose samples are brought first: it is paused until then. */
export async function createRun({ db }: EvaluationDeps, given: NewRun, enqueued: boolean): Promise<string> {
  const { benchmark, version, revision, repeats = benchmark.repeats, sourceId } = given;
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 64)
    throw new StudioError('BAD_REQUEST', `Samples of an item: a whole number from 1 to 64, not ${repeats}.`);
  if (repeats > 1 && benchmark.task === 'understand')
    throw new StudioError('BAD_REQUEST', `${benchmark.title}: a second answer would be the first one again.`);
  const settings = settingsFor(benchmark, given.settings);
  const preset = settings.preset && presetDirectories(benchmark, settings);
  const evaluators = await identifyEvaluators(
    benchmark,
    { ...benchmark.defaultEvaluators, ...preset },
    given.evaluators ?? {},
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
  const id = randomUUID();
  const count = positions?.length ?? version.itemCount;
  const origin = await provenance({
    cache: given.cache ?? true,
    ...(revision.kind === 'endpoint' ? { endpoint: revision.manifest } : {}),
  });
  await transaction(db.pool, async (client) => {
    await client.query(
      `INSERT INTO evaluation_run (id, revision_id, version_id, source_id, settings, items, item_count, repeats,
         evaluators, fingerprint, fingerprint_of, provenance)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[
          id,
          revision.id,
          version.id,
          sourceId ?? null,
          JSON.stringify(decided(settings, benchmark, revision)),
          positions ?? [],
          count,
        ],
        ...[
          repeats,
          JSON.stringify(evaluators),
          fingerprintId,
          JSON.stringify(parts),
          JSON.stringify(origin),
        ],
      ],
    );
    if (enqueued) await addBatches(client, id, count * repeats);
    else await moveRun(client, id, { from: ['running'], to: 'paused', reason: importing });
  });
  return id;
}

/** Settings that mean something to a task. */
const settingsOf: Record<Task, readonly (keyof RunSettings)[]> = {
  generate: ['seed', 'width', 'height', 'steps', 'guidance'],
  edit: ['seed', 'width', 'height', 'steps', 'guidance', 'decoder', 'preset'],
  understand: ['maxNewTokens', 'images', 'prompt'],
};

/**
 * Checks settings.
 * @returns those that the task has, as given, and the defaults of the protocol: part of the fingerprint
 * @throws StudioError BAD_REQUEST for one that it has not
 */
function settingsFor({ task, title }: BenchmarkDefinition, given: unknown): RunSettings {
  const parsed = runSettingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StudioError(
      'BAD_REQUEST',
      `${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const strange = Object.entries(given as object).find(
    ([name, value]) => value !== undefined && !settingsOf[task].includes(name as keyof RunSettings),
  );
  if (strange) throw new StudioError('BAD_REQUEST', `${title} takes no ${strange[0]}.`);
  return pick(parsed.data, settingsOf[task]);
}

const pick = (settings: RunSettings, names: readonly (keyof RunSettings)[]) =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => names.includes(name as keyof RunSettings)),
  ) as RunSettings;

/** Fills in what the model's manifest decides, so that the run says all of it. */
function decided(settings: RunSettings, benchmark: BenchmarkDefinition, revision: Revision): RunSettings {
  if (revision.kind !== 'directory') return settings;
  const { parameters, default_decoder } = manifestSchema.parse(revision.manifest);
  if (benchmark.task === 'understand')
    return { ...settings, maxNewTokens: settings.maxNewTokens ?? parameters.max_new_tokens.default };
  const decoder = settings.decoder ?? default_decoder;
  const editing = benchmark.task === 'edit' && decoder === 'editing';
  const guidance = editing ? parameters.guidance_editing : parameters.guidance_generation;
  return {
    ...settings,
    steps: settings.steps ?? parameters.steps.default,
    guidance: settings.guidance ?? guidance.default,
    ...(benchmark.task === 'edit'
      ? { decoder }
      : {
          width: settings.width ?? parameters.width.default,
          height: settings.height ?? parameters.height.default,
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
    throw new StudioError('BAD_REQUEST', `There is no group ${strange}: it has ${[...known].join(', ')}.`);
  const wanted = all.filter(({ group }) => groups?.includes(group) ?? true);
  const positions = wanted.map(({ position }) => position);
  if (limit === undefined || limit >= positions.length)
    return positions.length === all.length ? null : positions;
  if (!Number.isInteger(limit) || limit < 1)
    throw new StudioError('BAD_REQUEST', `A limit is a whole number from 1, not ${limit}.`);
  // Group after group: of items that come in turns an even step would leave some kinds out.
  const byGroup = [...known].flatMap((name) => wanted.filter(({ group }) => group === name));
  return Array.from(
    { length: limit },
    (_, i) => byGroup[Math.floor((i * byGroup.length) / limit)]!.position,
  ).sort((a, b) => a - b);
}

async function addBatches(db: Pick<Db['pool'], 'query'>, runId: string, samples: number): Promise<void> {
  for (let from = 0; from < samples; from += batchSize) {
    const batch = { runId, from, to: Math.min(samples, from + batchSize) };
    await addJob(db, batchJob, batch, { key: batchKey(batch), priority: evaluationPriority });
  }
}

/** Gives every batch of a running run to the workers; what is there already is not made again. */
export async function enqueue({ db }: EvaluationDeps, id: string): Promise<void> {
  const run = await need(db, id);
  const samples = sampleCount(run);
  const { missing, generated } = await countSamples(db, id, samples);
  if (missing > 0 || (generated > 0 && run.benchmark.measure !== null))
    await addBatches(db.pool, id, samples);
  else await addJob(db.pool, finishJob, { runId: id }, { key: id, priority: evaluationPriority });
}

/** Workers finish the sample in hand and take no other. @throws StudioError CONFLICT, NOT_FOUND */
export async function pauseRun({ db }: EvaluationDeps, id: string): Promise<void> {
  if (!(await moveRun(db.pool, id, { from: ['running'], to: 'paused' }))) await refuse(db, id, 'paused');
}

/** Goes on where a paused or failed run stopped. @throws StudioError CONFLICT, NOT_FOUND */
export async function resumeRun(deps: EvaluationDeps, id: string): Promise<void> {
  const { db } = deps;
  const { reason } = (await db.prisma.evaluationRun.findUnique({ where: { id } })) ?? {};
  if (reason === importing)
    throw new StudioError('CONFLICT', 'The import of its outputs was broken off: import them again.');
  if (!(await moveRun(db.pool, id, { from: ['paused', 'failed'], to: 'running' }))) {
    // Its jobs may have been lost, e.g. with a worker that nobody took over: adding them again does no harm.
    if ((await stateOf(db, id)) !== 'running') await refuse(db, id, 'resumed');
  }
  await enqueue(deps, id);
}

/** Ends a run at once; what it has is kept. @throws StudioError CONFLICT, NOT_FOUND */
export async function cancelRun({ db }: EvaluationDeps, id: string): Promise<void> {
  if (!(await moveRun(db.pool, id, { from: ['running', 'paused'], to: 'cancelled' })))
    await refuse(db, id, 'cancelled');
  await db.pool.query('SELECT pg_notify($1, $2)', [cancelChannel, id]);
}

async function need(db: Db, id: string): Promise<Run> {
  const run = await readRun(db, id);
  if (!run) throw new StudioError('NOT_FOUND', `There is no run ${id}.`);
  return run;
}

async function refuse(db: Db, id: string, wish: string): Promise<never> {
  const words: Record<RunState, string> = {
    running: 'is running',
    paused: 'is paused',
    cancelled: 'was cancelled',
    done: 'is done',
    failed: 'has failed',
  };
  const { state } = await need(db, id);
  throw new StudioError('CONFLICT', `The run ${words[state]} and cannot be ${wish}.`);
}

function presetDirectories(
  { evaluators }: BenchmarkDefinition,
  { preset }: RunSettings,
): EvaluatorDirectories | undefined {
  if (!preset || !evaluators.includes('dino')) return undefined;
  const { clip, dino } = editingPresets[preset];
  return { clip, dino };
}
