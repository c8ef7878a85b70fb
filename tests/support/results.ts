import sharp from 'sharp';
import { storePicture, type Picture } from '../../server/platform/blobs/pictures';
import type { GenerationState, Task } from '../../server/demo/schema';
import { uuidv7 } from '../../server/platform/db/uuid';
import type { Services } from '../../server/accounts/context';

let clock = Date.now() - 86_400_000;

/** A plain picture of a colour, stored; another colour is another picture. */
export async function storeColour(services: Services, background: string, side = 8): Promise<Picture> {
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();
  return storePicture(services, bytes, { mediaType: 'image/png', width: side, height: side });
}

interface Result {
  task?: Task;
  state?: GenerationState;
  prompt?: string;
  language?: string;
  parameters?: object;
  source?: Picture | null;
  picture?: Picture | null;
  text?: string | null;
  parentId?: string | null;
}

/** A job of a visitor as if it had run; each is younger than the one before. @returns its id */
export async function insertResult({ db }: Services, visitorId: string, result: Result): Promise<string> {
  const { task = 'generate', state = 'done', prompt = 'two red apples', language = 'en', ...rest } = result;
  const id = uuidv7((clock += 10));
  const ended = state === 'done' || state === 'cancelled' || state === 'failed';
  await db.pool.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
  await db.pool.query(
    `INSERT INTO generation (id, visitor_id, revision_id, task, state, prompt, language, parameters, source_hash,
       picture_hash, text, parent_id, error, created_at, finished_at)
     SELECT $1, $2, r.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM model_revision r LIMIT 1`,
    [
      ...[id, visitorId, task, state, prompt, language, JSON.stringify(rest.parameters ?? { seed: 1 })],
      ...[rest.source?.hash ?? null, rest.picture?.hash ?? null, rest.text ?? null, rest.parentId ?? null],
      ...[state === 'failed' ? 'It failed.' : null, new Date(clock), ended ? new Date(clock) : null],
    ],
  );
  return id;
}
