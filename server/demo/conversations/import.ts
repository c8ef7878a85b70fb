import { createHash } from 'node:crypto';
import type pg from 'pg';
import { cleanPrompt, languageOf } from '../../../models/runtime/validate';
import { storePicture, type Picture } from '../../platform/blobs/pictures';
import type { BlobStore } from '../../platform/blobs/store';
import type { Db } from '../../platform/db/client';
import { storableJson, storableText } from '../../platform/db/text';
import { transaction } from '../../platform/db/transaction';
import { uuidv7 } from '../../platform/db/uuid';
import { StudioError } from '../../platform/errors/errors';
import { activeRevision } from '../../inference/registry';
import { fromConversation, type Turn } from './format';
import { readFiles } from './read';
import { conversationLimits, type Imported } from './schema';

const tooLarge = (what: string, most: number) =>
  new StudioError('BAD_REQUEST', `The file has more than ${most} ${what}. Import it in parts.`, {
    reason: 'IMPORT_TOO_LARGE',
  });

/** A picture of the file that can be stored. */
interface Checked {
  bytes: Uint8Array;
  mediaType: string;
  width: number;
  height: number;
}

export interface ImportOptions {
  /** Decodes a picture when it is its turn: the bytes to keep of it, and what it is. @throws ImageError */
  check: (sent: Uint8Array) => Promise<Checked>;
  /** Refuses by throwing: gets the bytes of the pictures, unpacked, before the first is stored. */
  admit?: (bytes: number) => Promise<void>;
}

/**
 * Brings conversations in the unified format back as finished results of the visitor, linked as they followed one
 * another: a ZIP file as exported, or JSON with its pictures as data URLs. All of it or nothing; the same file again
 * changes nothing.
 * @throws StudioError BAD_REQUEST, ImageError or RequestError (models/runtime/errors.ts) with what is wrong
 */
export async function importConversations(
  { db, blobs }: { db: Db; blobs: BlobStore },
  visitorId: string,
  file: Uint8Array,
  { check, admit }: ImportOptions,
): Promise<Imported> {
  const { manifest, id: revisionId } = await activeRevision(db);
  const { conversations, picture } = readFiles(file);
  const threads = conversations.map((conversation) =>
    fromConversation(conversation, manifest.templates, (text) => languageOf(text, manifest)).map(
      (turn): Turn => ({
        ...turn,
        prompt: cleanPrompt(manifest, turn.prompt),
        text: turn.text && storableText(turn.text).slice(0, conversationLimits.answer),
      }),
    ),
  );
  if (threads.flat().length > conversationLimits.turns) throw tooLarge('answers', conversationLimits.turns);
  if (threads.flat().length === 0)
    throw new StudioError('BAD_REQUEST', 'The file contains no conversation.', {
      reason: 'IMPORT_UNREADABLE',
    });

  // Every picture is checked before the first is stored.
  const names = [...new Set(threads.flat().flatMap(({ source, picture: made }) => [source, made]))].filter(
    (name) => name !== null,
  );
  if (names.length > conversationLimits.pictures) throw tooLarge('pictures', conversationLimits.pictures);
  const checked = new Map<string, Checked>();
  for (const name of names) checked.set(name, await check(picture(name)));
  await admit?.([...checked.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
  const stored = new Map<string, Picture>();
  for (const [name, { bytes, ...info }] of checked)
    stored.set(name, await storePicture({ db, blobs }, bytes, info));
  const hashOf = (name: string | null) => (name === null ? null : (stored.get(name)?.hash ?? null));

  return transaction(db.pool, async (client) => {
    await client.query('INSERT INTO visitor (id) VALUES ($1) ON CONFLICT DO NOTHING', [visitorId]);
    // The lock puts two imports of the same file one after the other.
    await client.query('SELECT 1 FROM visitor WHERE id = $1 FOR UPDATE', [visitorId]);
    await client.query(
      `INSERT INTO upload (visitor_id, hash) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
      [visitorId, [...stored.values()].map(({ hash }) => hash)],
    );
    const ids: string[] = [];
    const now = Date.now();
    for (const turns of threads) {
      let before: Placed | null = null;
      for (const turn of turns) {
        const parent: Placed | null = turn.linked ? before : null;
        const hashes = { source: hashOf(turn.source), picture: hashOf(turn.picture) };
        before = await insert(client, {
          visitorId,
          revisionId,
          turn,
          hashes,
          parent,
          time: now + ids.length,
        });
        ids.push(before.id);
      }
    }
    return { ids: [...new Set(ids)] };
  });
}

/** A turn that has its row, and what it is known by when it comes again. */
interface Placed {
  id: string;
  key: string;
}

interface Row {
  visitorId: string;
  revisionId: string;
  turn: Turn;
  hashes: { source: string | null; picture: string | null };
  parent: Placed | null;
  /** Milliseconds; later turns have later ones. */
  time: number;
}

/** Inserts a turn as a finished job, or finds the one that it became before. */
async function insert(client: pg.PoolClient, row: Row): Promise<Placed> {
  const { visitorId, revisionId, turn, hashes, parent, time } = row;
  const { task, prompt, language, parameters, text } = turn;
  const content = [task, prompt, language, storableJson(parameters), text, hashes.source, hashes.picture];
  const key = requestIdOf([parent?.key, ...content]);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO generation (id, visitor_id, revision_id, request_id, parent_id, task, prompt, language, parameters,
       text, source_hash, picture_hash, state, imported, created_at, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'done', true, $13, $13)
     ON CONFLICT (visitor_id, request_id)
       DO UPDATE SET parent_id = coalesce(generation.parent_id, excluded.parent_id)
     RETURNING id`,
    [uuidv7(time), visitorId, revisionId, key, parent?.id ?? null, ...content, new Date(time)],
  );
  return { id: rows[0]!.id, key };
}

/** A UUID (RFC 9562, version 8) of what a turn is: imported again, it is the same request. */
function requestIdOf(parts: unknown[]): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['import', ...parts]))
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
