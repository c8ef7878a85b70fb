import { createHash } from 'node:crypto';
import type pg from 'pg';
import { RuntimeError } from '../../../models/runtime/errors';
import { parameterNamed } from '../../../models/runtime/parameters';
import { transaction } from '../../platform/db/transaction';
import { uuidOf } from '../../platform/db/uuid';
import { modelInfo, prepareSubmit, type Prepared } from '../limits';
import type { DemoDeps, SubmitDeps } from '../jobs/service';
import {
  cancel,
  checkSource,
  mostWaiting,
  notFound as noSuchJob,
  requestRemoved,
  tooManyWaiting,
} from '../jobs/service';
import { insertJob, lockVisitor, readForSubmit } from '../jobs/submit-store';
import { hasEnded } from '../jobs/store';
import { generationSelect, generationView } from '../jobs/view';
import { StudioError } from '../../platform/errors/errors';
import { manifestOf } from '../../inference/registry';
import { ensureTicket } from '../../inference/queue/queue';
import { checkStorage } from '../../platform/limits/storage';
import { cellsOf, type Cell } from './cells';
import { axisSchema, type GridSubmitInput, type GridView } from './schema';

/** The rules of grids. Every function takes the visitor and sees only that visitor's grids. */

const notFound = () => new StudioError('NOT_FOUND', 'This grid doesn’t exist or has been removed.');

/**
 * Checks every cell, then stores and queues them all, or none. A seed that is not given is drawn once for all
 * cells. The same `requestId` again changes nothing and returns what the first one made.
 * @throws StudioError BAD_REQUEST naming the cell; TOO_MANY; NOT_FOUND for another visitor's parent
 */
export async function submitGrid(
  deps: SubmitDeps,
  visitorId: string,
  request: GridSubmitInput,
): Promise<GridView> {
  const { db, limits, address } = deps;
  const { base, x, y = null, requestId } = request;
  const id = gridId(visitorId, requestId);
  const known = await findGrid({ db }, visitorId, id);
  if (known) return known;
  const { revision, source } = await readForSubmit(db, visitorId, base);
  checkSource(base, source);
  const manifest = await manifestOf(db, revision);
  const negative = [x, y].some((axis) => axis && parameterNamed(axis.parameter)?.needsGuidance);
  const { negativePrompt } = modelInfo({ manifest, hash: revision.hash });
  if (negative && !negativePrompt)
    throw new StudioError(
      'BAD_REQUEST',
      'This model doesn’t support negative prompts. Choose another setting.',
      {
        reason: 'GRID_NO_NEGATIVE',
      },
    );
  let seed = base.seed;
  const jobs = cellsOf(base, x, y).map((cell) => {
    // Remembered when it is removed, so that the request of a removed grid does not run again.
    const own = uuidOf(createHash('sha256').update(`${id}:${cell.x}:${cell.y}`).digest(), 8);
    const input = { ...cell.input, seed: cell.input.seed ?? seed, requestId: own };
    const prepared = prepareCell({ ...cell, input }, () => prepareSubmit(manifest, input, source));
    if (typeof prepared.parameters.seed === 'number') seed ??= prepared.parameters.seed;
    return { cell, input, prepared };
  });
  await Promise.all([limits.takeJob({ visitorId, address }, jobs.length), checkStorage(deps, visitorId)]);
  const refused = await transaction(db.pool, async (client) => {
    await client.query(lockVisitor(visitorId));
    const { rowCount } = await client.query('SELECT 1 FROM grid WHERE id = $1', [id]);
    if (rowCount) return null;
    await client.query('INSERT INTO grid (id, visitor_id, x, y) VALUES ($1, $2, $3, $4)', [
      ...[id, visitorId, JSON.stringify(x), y && JSON.stringify(y)],
    ]);
    for (const { cell, input, prepared } of jobs) {
      const added = await insertJob(client, visitorId, {
        ...prepared,
        ...{ input, revisionId: revision.id, maxWaiting: mostWaiting(limits) },
        grid: { id, x: cell.x, y: cell.y },
      });
      if (!('id' in added)) throw new NotAdded(added);
    }
    return null;
  }).catch((error: unknown) => {
    if (error instanceof NotAdded) return error.why;
    throw error;
  });
  if (refused && !refused.parent) throw noSuchJob();
  if (refused && refused.waiting < refused.max) throw requestRemoved();
  if (refused) throw await tooManyWaiting(deps, visitorId, refused);
  // A ticket that lay ready may have been used up before the commit.
  await ensureTicket(db.pool);
  return getGrid({ db }, visitorId, id);
}

/** Undoes the transaction. */
class NotAdded extends Error {
  constructor(readonly why: { waiting: number; parent: boolean; max: number }) {
    super('a cell was not added');
  }
}

function prepareCell(cell: Cell, prepare: () => Prepared): Prepared {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    throw new StudioError('BAD_REQUEST', `The cell “${cell.name}” can’t be generated: ${error.message}`, {
      cause: error,
      reason: 'GRID_CELL',
      params: {
        cell: cell.name,
        column: cell.x + 1,
        row: cell.y + 1,
        problem: error.message,
        problemReason: error.code,
      },
    });
  }
}

export async function getGrid({ db }: DemoDeps, visitorId: string, id: string): Promise<GridView> {
  const grid = await findGrid({ db }, visitorId, id);
  if (!grid) throw notFound();
  return grid;
}

async function findGrid({ db }: DemoDeps, visitorId: string, id: string): Promise<GridView | null> {
  const row = await db.prisma.grid.findFirst({
    where: { id, visitorId },
    select: {
      ...{ id: true, x: true, y: true, createdAt: true },
      generations: { select: generationSelect, orderBy: [{ gridY: 'asc' }, { gridX: 'asc' }] },
    },
  });
  if (!row) return null;
  const { x, y, generations, ...rest } = row;
  return {
    ...rest,
    x: axisSchema.parse(x),
    y: y === null ? null : axisSchema.parse(y),
    generations: generations.map(generationView),
  };
}

/** Cancels what waits or runs: the last first, so that no worker begins what is about to be cancelled. */
export async function cancelGrid({ db }: DemoDeps, visitorId: string, id: string): Promise<GridView> {
  const { generations } = await getGrid({ db }, visitorId, id);
  for (const job of generations.reverse()) if (!hasEnded(job.state)) await cancel({ db }, visitorId, job.id);
  return getGrid({ db }, visitorId, id);
}

/** @throws StudioError CONFLICT while a cell waits or runs */
export async function removeGrid({ db }: DemoDeps, visitorId: string, id: string): Promise<{ id: string }> {
  await transaction(db.pool, async (client) => {
    const own = await client.query('SELECT 1 FROM grid WHERE id = $1 AND visitor_id = $2 FOR UPDATE', [
      ...[id, visitorId],
    ]);
    if (!own.rowCount) throw notFound();
    const { rowCount } = await client.query(
      `SELECT 1 FROM generation WHERE grid_id = $1 AND state IN ('queued', 'running', 'cancelling')`,
      [id],
    );
    if (rowCount)
      throw new StudioError('CONFLICT', 'Some cells are still running. Cancel the grid, then remove it.', {
        reason: 'GRID_NOT_ENDED',
      });
    await client.query('DELETE FROM generation WHERE grid_id = $1', [id]);
    await client.query('DELETE FROM grid WHERE id = $1', [id]);
  });
  return { id };
}

/** Removes grids whose cells are all gone. @returns how many */
export async function pruneGrids(db: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rowCount } = await db.query(
    'DELETE FROM grid WHERE NOT EXISTS (SELECT 1 FROM generation WHERE grid_id = grid.id)',
  );
  return rowCount ?? 0;
}

/** Made of both, so that a request sent again finds its grid and no visitor can name another's. */
function gridId(visitorId: string, requestId: string): string {
  return uuidOf(createHash('sha256').update(`${visitorId}:${requestId}`).digest(), 8);
}
