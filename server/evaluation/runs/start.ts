import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { findBenchmark } from '../../../eval/benchmarks';
import type { Benchmark } from '../../../eval/benchmarks/definition';
import { presetRefusal } from '../../../eval/benchmarks/preset-state';
import { presetNamed } from '../../../eval/benchmarks/presets';
import { endpointIdentity } from '../../../eval/under-test/endpoint/identity';
import { endpointSettingsSchema } from '../../../eval/under-test/endpoint/settings';
import { atLeast, type Me } from '../../accounts/schema';
import type { Db } from '../../platform/db/client';
import { transaction } from '../../platform/db/transaction';
import { StudioError } from '../../platform/errors/errors';
import { preparingHash } from '../data';
import type { RunRequest } from '../run-store';
import { registerEndpoint, readRevision, type Revision } from '../revisions';
import { checkRepeats, settingsFor } from '../settings';
import { evaluationPriority, prepareJob } from '../../inference/queue/definition';
import { addJob } from '../../inference/queue/queue';
import { dataOf } from './options';
import type { startRunSchema } from './schema';

type StartInput = z.output<typeof startRunSchema>;

/**
 * Starts a run: its row, and a job by which a worker stores its data, decides what it measures, and begins it. The same
 * request sent again is the same run.
 * @throws StudioError BAD_REQUEST, FORBIDDEN, NOT_FOUND
 */
export async function startRun({ db }: { db: Db }, user: Me, input: StartInput): Promise<{ id: string }> {
  const before = await ofRequest(db, input.requestId);
  if (before) return before;
  const benchmark = benchmarkNamed(input.benchmark);
  const { settings, groups, limit, cache, repeats = benchmark.repeats } = input;
  checkRepeats(benchmark, repeats);
  const { preset } = settingsFor(benchmark, settings);
  await checkData(db, benchmark, groups);
  checkPreset(benchmark, preset);
  const { revision, endpoint } = await modelOf(db, user, input.model);
  const request: RunRequest = { settings, groups, limit, repeats };
  const id = randomUUID();
  const versionId = await preparingVersion(db, benchmark);
  try {
    await transaction(db.pool, async (client) => {
      await client.query(
        `INSERT INTO evaluation_run (id, revision_id, version_id, settings, items, item_count, repeats, evaluators,
           fingerprint, fingerprint_of, provenance, started_by, request_id, request, visibility, name, note, tags)
         VALUES ($1, $2, $3, $4, '{}', 0, $5, '{}', $6, '{}', $7, $8, $9, $10, $11, $12, $13, $14)`,
        [
          ...[id, revision.id, versionId, JSON.stringify(settings), repeats, preparingHash],
          JSON.stringify({ cache, ...(endpoint === undefined ? {} : { endpoint }) }),
          ...[user.id, input.requestId, JSON.stringify(request)],
          ...[input.visibility, input.name ?? null, input.note ?? null, input.tags ?? []],
        ],
      );
      await addJob(client, prepareJob, { runId: id }, { key: id, priority: evaluationPriority });
    });
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string };
    // The same request at the same time.
    const twin =
      code === '23505' && constraint?.includes('request_id') && (await ofRequest(db, input.requestId));
    if (twin) return twin;
    throw error;
  }
  return { id };
}

const ofRequest = (db: Db, requestId: string): Promise<{ id: string } | null> =>
  db.prisma.evaluationRun.findUnique({ where: { requestId }, select: { id: true } });

function benchmarkNamed(name: string): Benchmark {
  const found = findBenchmark(name);
  if (found) return found;
  throw new StudioError('BAD_REQUEST', 'This benchmark doesn’t exist.', { reason: 'NO_BENCHMARK' });
}

/** A run of evaluators that are not installed would fail only once a worker takes it. */
function checkPreset({ usualPreset, evaluators }: Benchmark, name = usualPreset as string | undefined): void {
  const preset = name === undefined ? undefined : presetNamed(name);
  const refusal = preset && presetRefusal(preset, evaluators);
  if (preset && refusal)
    throw new StudioError('BAD_REQUEST', `${refusal}.`, {
      reason: 'EVALUATORS_MISSING',
      params: { preset: preset.name },
    });
}

async function checkData(db: Db, benchmark: Benchmark, groups?: readonly string[]): Promise<void> {
  const data = await dataOf(db, benchmark);
  if (data.unavailable)
    throw new StudioError('BAD_REQUEST', data.unavailable, {
      reason: 'DATA_MISSING',
      params: { benchmark: benchmark.title },
    });
  // Of a set that is not stored yet nobody knows them; the worker refuses it then.
  const strange =
    data.groups.length > 0 && groups?.find((name) => !data.groups.some((one) => one.name === name));
  if (strange)
    throw new StudioError('BAD_REQUEST', `${benchmark.title} has no group with that name.`, {
      reason: 'NO_GROUP',
      params: { benchmark: benchmark.title },
    });
  if (groups?.length === 0)
    throw new StudioError('BAD_REQUEST', 'Choose at least one group, or omit groups for all of them.', {
      reason: 'NO_GROUP_CHOSEN',
    });
}

/** @returns the revision, and of an endpoint how this run asks it */
async function modelOf(
  db: Db,
  user: Me,
  model: StartInput['model'],
): Promise<{ revision: Revision; endpoint?: unknown }> {
  if ('endpoint' in model) return newEndpoint(db, user, model.endpoint);
  const found = await db.prisma.modelRevision.findUnique({
    where: { id: model.revisionId },
    select: { kind: true },
  });
  if (!found)
    throw new StudioError('NOT_FOUND', 'This model doesn’t exist. It may have been removed.', {
      reason: 'NO_MODEL',
    });
  if (found.kind === 'imported')
    throw new StudioError(
      'BAD_REQUEST',
      'This model’s outputs were imported, so it can’t generate new ones. Import them again with studio eval import.',
      { reason: 'MODEL_IMPORTED' },
    );
  const revision = await readRevision(db, model.revisionId);
  if (revision.kind === 'directory') return { revision };
  const limits = Object.fromEntries(
    Object.entries(model.limits ?? {}).filter(([, value]) => value !== undefined),
  );
  return { revision, endpoint: settingsOf({ ...(revision.manifest as object), ...limits }) };
}

/** An address that this installation is to call is an administrator's to name: it may be one that only it reaches. */
async function newEndpoint(
  db: Db,
  user: Me,
  given: Extract<StartInput['model'], { endpoint: unknown }>['endpoint'],
): Promise<{ revision: Revision; endpoint: unknown }> {
  if (!atLeast(user.role, 'admin'))
    throw new StudioError('FORBIDDEN', 'Only an admin can add a new endpoint. Choose an existing one.', {
      reason: 'ENDPOINT_NEEDS_ADMIN',
    });
  const settings = settingsOf(given);
  const revision = await registerEndpoint(db, settings.model, {
    hash: endpointIdentity(settings).hash,
    settings,
  });
  return { revision, endpoint: settings };
}

function settingsOf(given: object) {
  const parsed = endpointSettingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new StudioError('BAD_REQUEST', `The endpoint: ${field} ${issue?.message ?? 'is invalid'}.`, {
    reason: 'BAD_ENDPOINT',
    params: { field, why: issue?.message ?? '' },
  });
}

/** The version that stands for data that is not stored yet. */
async function preparingVersion(db: Db, benchmark: Benchmark): Promise<string> {
  const { name, title, task, synthetic, protocol } = benchmark;
  const { id: benchmarkId } = await db.prisma.benchmark.upsert({
    where: { name },
    create: { name, title, task, synthetic },
    update: {},
  });
  const key = { benchmarkId, datasetHash: preparingHash, protocol };
  const { id } = await db.prisma.benchmarkVersion.upsert({
    where: { benchmarkId_datasetHash_protocol: key },
    create: { ...key, itemCount: 0 },
    update: {},
  });
  return id;
}
