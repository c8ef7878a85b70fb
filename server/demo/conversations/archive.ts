import { Unzip, UnzipInflate } from 'fflate';
import { StudioError } from '../../platform/errors/errors';
import { conversationLimits } from './schema';

const limits = { entries: 200, ratio: 100, ratioFrom: 1_000_000, chunk: 16_384 };

const refuse = (message: string, reason: string) => new StudioError('BAD_REQUEST', message, { reason });

/**
 * Unpacks a ZIP file into memory. Names are keys and never become paths. Sizes that the file declares count for
 * nothing: what comes out is counted as it comes, a little at a time.
 * @param wanted which entries are unpacked at all
 * @throws StudioError BAD_REQUEST for what is no ZIP file, has too many entries, or unpacks to too much
 */
export function unpack(file: Uint8Array, wanted: (name: string) => boolean): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array[]>();
  let entries = 0;
  let total = 0;
  let failure: Error | null = null;
  const damaged = () =>
    refuse('The file is not a ZIP file or is damaged. Export the conversation again.', 'IMPORT_UNREADABLE');
  const unzip = new Unzip((entry) => {
    if (++entries > limits.entries)
      failure ??= refuse(`The file has more than ${limits.entries} entries.`, 'IMPORT_TOO_LARGE');
    if (failure || !wanted(entry.name)) return;
    if (parts.has(entry.name)) failure ??= damaged();
    const chunks: Uint8Array[] = [];
    parts.set(entry.name, chunks);
    entry.ondata = (error, chunk) => {
      if (error) failure ??= damaged();
      if (failure) return;
      total += chunk.length;
      if (
        total > conversationLimits.bytes ||
        (total > limits.ratioFrom && total > limits.ratio * file.length)
      )
        failure = refuse(
          `The file is too large when unpacked; the limit is ${conversationLimits.bytes / 1e6} MB.`,
          'IMPORT_TOO_LARGE',
        );
      else chunks.push(chunk);
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < file.length && !failure; at += limits.chunk)
      unzip.push(file.subarray(at, at + limits.chunk), at + limits.chunk >= file.length);
  } catch {
    // fflate throws plain errors for whatever it cannot read.
    failure ??= damaged();
  }
  if (failure) throw failure as Error;
  if (entries === 0) throw damaged();
  return new Map([...parts].map(([name, chunks]) => [name, Buffer.concat(chunks)]));
}
