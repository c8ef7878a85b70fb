import { strToU8, zipSync, type Zippable } from 'fflate';
import { manifestSchema } from '../../../models/runtime/manifest';
import type { BlobStore } from '../../platform/blobs/store';
import type { Db } from '../../platform/db/client';
import { isStoredFormat, storedFormats } from '../../../models/runtime/image/format';
import { generationSelect, generationView } from '../jobs/view';
import { StudioError } from '../../platform/errors/errors';
import { ancestry } from '../history/service';
import { toConversation, type Turn } from './format';
import { conversationLimits } from './schema';

/** @param type a media type */
function extensionOf(type: string): string {
  const format = type.replace('image/', '');
  return storedFormats[isStoredFormat(format) ? format : 'png'];
}

/** Each turn brings one picture or none, and the first one its source: so many always come back in. */
const mostTurns = conversationLimits.pictures - 1;

/** The per-task files, as Nexus-Gen's example data sets have them: one turn a line, each complete by itself. */
const taskFiles = { generate: 'generation.jsonl', edit: 'editing.jsonl', understand: 'understanding.jsonl' };

/**
 * The way from a result's root to the result as a ZIP file: `conversation.json` is all of it, `generation.jsonl`,
 * `editing.jsonl` and `understanding.jsonl` its turns one by one, as trainer and evaluation read them, and `images/`
 * the pictures as they are stored. Of a long way, its end. A job without a result ends the way: what came of its
 * picture begins with that as the user's own.
 * @returns the file, its bytes the same each time
 * @throws StudioError NOT_FOUND, CONFLICT when the result has not come, TOO_LARGE
 */
export async function exportConversation(
  { db, blobs }: { db: Db; blobs: BlobStore },
  visitorId: string,
  id: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = await ancestry(db.pool, visitorId, id, mostTurns);
  const found = await db.prisma.generation.findMany({
    where: { visitorId, id: { in: path } },
    select: { ...generationSelect, revision: { select: { manifest: true } } },
  });
  const rows = path.flatMap((one) => found.find((row) => row.id === one) ?? []);
  const last = rows.at(-1);
  if (!last || last.id !== id)
    throw new StudioError('NOT_FOUND', 'This result doesn’t exist or has been removed.');
  if (last.state !== 'done')
    throw new StudioError('CONFLICT', 'This job has no result to export yet. Wait until it’s done.', {
      reason: 'NOT_EXPORTABLE',
    });
  const done = rows.slice(rows.findLastIndex((row) => row.state !== 'done') + 1);

  const hashes = [...new Set(done.flatMap(({ source, picture }) => [source?.hash, picture?.hash]))].filter(
    (hash) => hash !== undefined,
  );
  const infos = await db.prisma.blob.findMany({ where: { hash: { in: hashes } } });
  const bytes = infos.reduce((sum, { size }) => sum + size, 0);
  if (bytes > conversationLimits.bytes)
    throw new StudioError(
      'TOO_LARGE',
      `The images of this conversation have ${Math.ceil(bytes / 1e6)} MB; the limit is ${conversationLimits.bytes / 1e6} MB.`,
      { reason: 'EXPORT_TOO_LARGE' },
    );
  const names = new Map(
    hashes.map((hash, index) => {
      const type = infos.find((info) => info.hash === hash)?.mediaType ?? '';
      return [hash, `images/${String(index + 1).padStart(2, '0')}.${extensionOf(type)}`];
    }),
  );
  const nameOf = (hash: string) => names.get(hash) ?? hash;

  const turns = done.map((row, index): Turn => {
    const { task, prompt, language, parameters, source, picture, text } = generationView(row);
    return {
      ...{ task, prompt, language, parameters, text, linked: index > 0 },
      source: source?.hash ?? null,
      picture: picture?.hash ?? null,
    };
  });
  const { templates } = manifestSchema.parse(last.revision.manifest);
  const files: Record<string, string> = {
    'conversation.json': `${JSON.stringify(toConversation(turns, templates, nameOf), null, 1)}\n`,
  };
  for (const [index, turn] of turns.entries()) {
    const line = {
      id: done[index]?.id,
      source: 'studio',
      ...toConversation([{ ...turn, linked: false }], templates, nameOf),
      ...(turn.task === 'edit' ? { caption: captionOf(turns.slice(0, index + 1)) } : {}),
    };
    const { studio: _, ...example } = line;
    const file = taskFiles[turn.task];
    files[file] = `${files[file] ?? ''}${JSON.stringify(example)}\n`;
  }

  // A fixed time: the same conversation is the same file.
  const options = { mtime: new Date('2000-01-01T00:00:00') };
  const zip: Zippable = {};
  for (const [name, text] of Object.entries(files)) zip[name] = [strToU8(text), options];
  for (const [hash, name] of names) {
    const picture = await blobs.get(hash);
    if (!picture) throw new StudioError('NOT_FOUND', 'An image of this conversation is no longer stored.');
    zip[name] = [picture, { ...options, level: 0 }];
  }
  return zipSync(zip);
}

/** What the picture should show, as far as was said: what was asked for at first, and each change since. */
const captionOf = (turns: Turn[]): string =>
  turns
    .filter(({ task }) => task !== 'understand')
    .map(({ prompt }) => prompt)
    .join('; ');
