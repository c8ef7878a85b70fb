import { createHash } from 'node:crypto';
import { mkdir, open, readFile, stat, statfs, truncate } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { sizeText } from '../../runtime/graphs/memory';
import { sizeOf } from '../checkpoint/tensors';
import { CheckpointError } from '../errors';
import { writeWhole } from '../write-whole';
import type { Piece, Plan } from './plan';
import type { Answer, Stretch } from './worker';

/** More threads than these wait for the disk. */
const mostThreads = 8;
/** Numbers that a thread holds at a time: 4 MB as float32, and about as much before and after. */
const stretchOf = 1 << 20;

export interface WriteOptions {
  /** Where it is written down how far the files have got: a file beside which others may lie. */
  journal: string;
  /** By default as many as the machine has, up to 8. The files are the same with any number. */
  threads?: number;
  /** Of bytes of all plans; `what` is the tensor in hand. */
  onProgress?: (done: number, total: number, what: string) => void;
}

/** By files: what they are made of, and how many of their pieces are on the disk. */
type Journal = Record<string, { of: string; pieces: number }>;

/**
 * Writes the files of plans, in threads. Interrupted, it goes on behind the last tensor that was finished when it is called again.
 * @throws CheckpointError checkpoint_space where the disk has too little room, before anything is written;
 * checkpoint_damaged where a weight is not a finite number
 */
export async function writePlans(plans: readonly Plan[], options: WriteOptions): Promise<void> {
  const { journal, threads = Math.min(availableParallelism(), mostThreads), onProgress } = options;
  const known = JSON.parse(await readFile(journal, 'utf8').catch(() => '{}')) as Journal;
  const states: Journal = {};
  for (const plan of plans) {
    const of = await identityOf(plan);
    const before = known[plan.file];
    const there = await stat(plan.file).catch(() => null);
    states[plan.file] = { of, pieces: there && before?.of === of ? before.pieces : 0 };
  }
  const doneOf = ({ file, pieces, bytes }: Plan) => pieces[states[file]!.pieces]?.to.offset ?? bytes;
  const total = plans.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = plans.reduce((sum, plan) => sum + doneOf(plan), 0);
  if (done === total) return;
  await checkSpace(path.dirname(journal), total - done);
  const pool = startThreads(threads);
  try {
    for (const plan of plans) {
      const state = states[plan.file]!;
      await mkdir(path.dirname(plan.file), { recursive: true });
      // Zeros between the tensors, and nothing of an earlier attempt behind the last one.
      await (await open(plan.file, 'a')).close();
      await truncate(plan.file, doneOf(plan));
      await truncate(plan.file, plan.bytes);
      for (const piece of plan.pieces.slice(state.pieces)) {
        onProgress?.(done, total, piece.name);
        await pool.write(piece);
        await flush(plan.file);
        state.pieces++;
        await writeWhole(journal, JSON.stringify(states));
        done += piece.to.length;
      }
    }
  } finally {
    await pool.stop();
  }
  onProgress?.(total, total, '');
}

/** What a plan's file would be made of: the tensors, and the files that they lie in. */
async function identityOf({ pieces, bytes }: Plan): Promise<string> {
  const files = [...new Set(pieces.map(({ from }) => from.file))];
  const changes = await Promise.all(
    files.map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [file, size, mtimeMs];
    }),
  );
  return createHash('sha256')
    .update(JSON.stringify([bytes, pieces, changes]))
    .digest('hex');
}

async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) throw noSpace(folder, needed);
}

function noSpace(folder: string, needed?: number): CheckpointError {
  const much = needed === undefined ? '' : `: ${sizeText(needed)} are needed`;
  return new CheckpointError(
    'checkpoint_space',
    `There is not enough space for the weights in ${folder}${much}. Free some, or choose another --out; what is there already is kept.`,
  );
}

/** Onto the disk itself, before the journal says so. */
async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

function* stretchesOf(piece: Piece): Generator<Stretch> {
  const { from, to } = piece;
  const end = to.quantised ? from.shape[0]! : to.dtype === from.dtype ? from.length : sizeOf(from.shape);
  const step = to.quantised
    ? Math.max(1, Math.floor(stretchOf / (sizeOf(from.shape) / end)))
    : to.dtype === from.dtype
      ? 4 * stretchOf
      : stretchOf;
  for (let at = 0; at < end; at += step) yield { piece, from: at, to: Math.min(at + step, end) };
}

function startThreads(count: number) {
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./thread.mjs', import.meta.url), { execArgv: [] }),
  );
  return {
    /** All stretches of a piece, each by the thread that is free. */
    write: async (piece: Piece): Promise<void> => {
      const stretches = stretchesOf(piece);
      await Promise.all(
        workers.map(async (worker) => {
          for (const stretch of stretches) {
            const answer = await ask(worker, stretch);
            if (answer.failed === undefined) continue;
            if (answer.code === 'ENOSPC') throw noSpace(path.dirname(piece.to.file));
            if (answer.code !== undefined && answer.code.startsWith('checkpoint_'))
              throw new CheckpointError(answer.code, answer.failed);
            throw new Error(answer.failed);
          }
        }),
      );
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}

function ask(worker: Worker, stretch: Stretch): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (answer: Answer) => {
      worker.off('error', reject);
      resolve(answer);
    });
    worker.postMessage(stretch);
  });
}
