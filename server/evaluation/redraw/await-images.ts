import { setMaxListeners } from 'node:events';
import type { BlobStore } from '../../platform/blobs/store';
import type { Db } from '../../platform/db/client';
import type { EventHub } from '../../platform/db/hub';
import { lookAt, lookAway } from '../recorded/redraw-queue';
import { isServed } from '../../inference/health';
import { pictureAccesses, type PictureReader } from '../../demo/sharing/picture-access';
import { loadableOf, redrawableOf } from './redrawable';
import type { AwaitInput, Awaited } from './schema';

/** A page that hears nothing for so long asks again, and so says that it still looks. */
const patienceMs = 10_000;
/** How often the workers are looked at meanwhile: coming and going, they tell nobody. */
const lookMs = 2000;

interface AwaitDeps {
  db: Db;
  blobs: BlobStore;
  hub: EventHub;
}

/** How many requests of this process wait for an image. */
const waiting = new Map<string, number>();

/**
 * Waits (unless `hold` is false) until one of the images can be loaded or never will be, or until workers come or go; at most ten seconds. Has
 * those that are away drawn in this order. When the page gives up (`signal`), those that nobody else waits for are
 * dropped, unless a worker has begun them.
 */
export async function awaitImages(
  deps: AwaitDeps,
  reader: PictureReader,
  { hashes, served, hold = true }: AwaitInput,
  { signal, patience = patienceMs }: { signal?: AbortSignal; patience?: number } = {},
): Promise<Awaited> {
  const { db, hub } = deps;
  const wanted = [...new Set(hashes)];
  const bells = wanted.map((hash) => ({ hash, bell: hub.subscribe(hash) }));
  let drawn: string[] = [];
  try {
    // Of an image that is not for this reader it is not told either whether there is one.
    const readable = [...(await pictureAccesses(db, reader, wanted)).keys()];
    const [loadable, redrawable, online] = await Promise.all([
      loadableOf(deps, readable),
      redrawableOf(db, readable),
      isServed(db),
    ]);
    const over = wanted.flatMap((hash): Awaited['images'] =>
      loadable.has(hash) ? [{ hash, state: 'ready' }] : redrawable.has(hash) ? [] : [{ hash, state: 'none' }],
    );
    drawn = wanted.filter((hash) => redrawable.has(hash) && !loadable.has(hash));
    for (const hash of drawn) waiting.set(hash, (waiting.get(hash) ?? 0) + 1);
    if (drawn.length > 0) await lookAt(db.pool, drawn);
    if (!hold || over.length > 0 || online !== served || drawn.length === 0)
      return { images: over, served: online };
    return await firstOf(deps, { bells, served, signal, until: performance.now() + patience });
  } finally {
    for (const { bell } of bells) bell.close();
    for (const hash of drawn) {
      const others = waiting.get(hash)! - 1;
      if (others > 0) waiting.set(hash, others);
      else waiting.delete(hash);
    }
    if (signal?.aborted) await drop(db, drawn);
  }
}

async function drop(db: Db, hashes: readonly string[]): Promise<void> {
  const left = hashes.filter((hash) => !waiting.has(hash));
  if (left.length === 0) return;
  await lookAway(db.pool, left);
  // Somebody else came in the meantime, whose wish this may have taken away.
  const back = left.filter((hash) => waiting.has(hash));
  if (back.length > 0) await lookAt(db.pool, back);
}

interface Wait {
  bells: { hash: string; bell: ReturnType<EventHub['subscribe']> }[];
  served: boolean;
  signal?: AbortSignal;
  until: number;
}

/** Waits for the first news of any image, and tells all that is known by then. */
async function firstOf(deps: AwaitDeps, { bells, served, signal, until }: Wait): Promise<Awaited> {
  for (;;) {
    const rest = until - performance.now();
    if (rest <= 0 || signal?.aborted) return { images: [], served };
    const heard = await newsOf(bells, Math.min(rest, lookMs), signal);
    const loadable = await loadableOf(
      deps,
      heard.map(({ hash }) => hash),
    );
    const images = heard.flatMap(({ hash, said }): Awaited['images'] =>
      // A worker that told its end and left nothing could not draw it. After a break of the connection nobody told.
      loadable.has(hash) ? [{ hash, state: 'ready' }] : said === null ? [] : [{ hash, state: 'failed' }],
    );
    const online = await isServed(deps.db);
    if (images.length > 0 || online !== served) return { images, served: online };
  }
}

/** Those images of which there is news, and what it said; empty after `ms` milliseconds without any. */
async function newsOf(
  bells: Wait['bells'],
  ms: number,
  signal?: AbortSignal,
): Promise<{ hash: string; said: string | null }[]> {
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, AbortSignal.timeout(ms), ...(signal ? [signal] : [])]);
  // Every image listens.
  setMaxListeners(0, stop);
  const heard: { hash: string; said: string | null }[] = [];
  await Promise.all(
    bells.map(async ({ hash, bell }) => {
      const said = await bell.next(stop);
      if (said === null && stop.aborted) return;
      heard.push({ hash, said });
      enough.abort();
    }),
  );
  return heard;
}
