/** How far each segment of a `.part` is that comes in several requests: `<path>.part.json` beside it. */
import { open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { bytesOf, onDisk } from './disk';
import { writeJson, type LockedFile } from './lock';
import { inTurn } from './parallel';

const journalSchema = z.object({
  /** Bytes of the file, and of a segment: all but the last are as long. */
  size: z.number().int().positive(),
  segment: z.number().int().positive(),
  etag: z.string().nullable(),
  /** Bytes that are there from the start of each segment. */
  done: z.array(z.number().int().nonnegative()),
});
type Journal = z.infer<typeof journalSchema>;

export const journalOf = (part: string): string => `${part}.json`;

/** The journal of a `.part`, or null where there is none that can be of it. */
async function readJournal(part: string, { size }: LockedFile): Promise<Journal | null> {
  const text = await readFile(journalOf(part), 'utf8').catch(() => '');
  let journal: Journal;
  try {
    journal = journalSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
  const { segment, done } = journal;
  const last = done.findLastIndex((bytes) => bytes > 0);
  const reaches = last < 0 ? 0 : last * segment + done[last]!;
  const sound =
    journal.size === size &&
    done.length === Math.ceil(size / segment) &&
    done.every((bytes, i) => bytes <= Math.min(segment, size - i * segment)) &&
    reaches <= (await bytesOf(part));
  return sound ? journal : null;
}

/** Bytes of the file that an earlier try left; none where they cannot be of it. */
export async function receivedBytes(part: string, file: LockedFile): Promise<number> {
  const journal = await readJournal(part, file);
  if (journal !== null) return journal.done.reduce((sum, bytes) => sum + bytes, 0);
  const bytes = (await bytesOf(journalOf(part))) > 0 ? 0 : await bytesOf(part);
  return bytes > file.size ? 0 : bytes;
}

/**
 * The journal of a file, made where it has none yet: a `.part` that came in one go so far is there up to its size.
 * `save` writes what has changed, after the bytes themselves.
 */
export async function openSegments(
  part: string,
  file: LockedFile,
  segment: number,
): Promise<{ journal: Journal; save: (bytes: FileHandle) => Promise<void> }> {
  let journal = await readJournal(part, file);
  if (journal === null) {
    const there = await receivedBytes(part, file);
    if (there === 0) await discard(part);
    const lengths = Array.from({ length: Math.ceil(file.size / segment) }, (_, i) =>
      Math.max(0, Math.min(there - i * segment, segment)),
    );
    journal = { size: file.size, segment, etag: null, done: lengths };
    // Before the first byte: a `.part` with gaps and without a journal would pass for one that came in one go.
    await onDisk(part, () => writeJson(journalOf(part), journal));
  }
  // The process may have been killed between the two.
  await onDisk(part, async () => (await open(part, 'a')).close());
  const found = journal;
  const turn = inTurn();
  return {
    journal,
    save: (bytes) =>
      turn(async () => {
        const now = { ...found, done: [...found.done] };
        await onDisk(part, () => bytes.datasync());
        await onDisk(part, () => writeJson(journalOf(part), now));
      }),
  };
}

/** Removes a `.part` and its journal. */
export async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(journalOf(part), { force: true });
}
