import { lookAt } from '../../evaluation/recorded/redraw-queue';
import { redrawableOf } from '../../evaluation/redraw/redrawable';
import type { Services } from '../../accounts/context';

/**
 * The bytes of a picture that has a row. One of a recorded run may not be here yet: a worker is asked to make it.
 * @param patienceMs how long to wait for it. Pages wait in another way (server/evaluation/redraw): a browser has few connections.
 * @returns null where there is none to be had; `pending` where it is being made
 */
export async function pictureBytes(
  { db, blobs, hub }: Pick<Services, 'db' | 'blobs' | 'hub'>,
  hash: string,
  patienceMs = 0,
): Promise<Buffer | 'pending' | null> {
  const bytes = await blobs.get(hash);
  if (bytes || !(await redrawableOf(db, [hash])).has(hash)) return bytes;
  const news = hub.subscribe(hash);
  try {
    await lookAt(db.pool, [hash]);
    if (patienceMs > 0) await news.next(AbortSignal.timeout(patienceMs));
    return (await blobs.get(hash)) ?? 'pending';
  } finally {
    news.close();
  }
}
