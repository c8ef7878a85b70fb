import { rename, writeFile } from 'node:fs/promises';

/** A file that is whole or not there, also where the program ends in the middle of it. */
export async function writeWhole(file: string, bytes: Uint8Array | string): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, bytes);
  await rename(partial, file);
}
