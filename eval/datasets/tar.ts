import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

export interface TarEntry {
  /** With `/`, without `./` before it. */
  path: string;
  size: number;
  /** To be called before the next entry, or not at all. */
  bytes(): Promise<Buffer>;
}

/**
 * The files of a `.tar.gz`, in its order, one at a time; nothing is written to the disk.
 * @throws what the file system, gzip or tar say of a damaged archive, after the entries before the damage
 */
export async function* tarEntries(path: string): AsyncGenerator<TarEntry> {
  const unpacked = extract();
  const fed = pipeline(createReadStream(path), createGunzip(), unpacked);
  // It is awaited at the end; until then an error comes out of the loop, too.
  fed.catch(() => {});
  let whole = false;
  try {
    for await (const entry of unpacked) {
      const { name, size = 0, type } = entry.header;
      if (type === 'file' || type === 'contiguous-file')
        yield {
          path: name.replace(/^(?:\.\/)+/, ''),
          size,
          async bytes() {
            const chunks: Buffer[] = [];
            for await (const chunk of entry) chunks.push(chunk as Buffer);
            return Buffer.concat(chunks);
          },
        };
      entry.resume();
    }
    whole = true;
  } finally {
    // Left early, the archive is closed; what that breaks is nobody's concern.
    if (!whole) unpacked.destroy();
    if (!whole) await fed.catch(() => {});
  }
  await fed;
}
