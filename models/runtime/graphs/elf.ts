import { closeSync, openSync, readSync } from 'node:fs';

/**
 * The shared libraries that a 64-bit Linux library names as needed, by the names under which the system looks for them.
 * Source of the layout: elf(5).
 * @returns null for a file that is none
 */
export function neededLibraries(file: string): string[] | null {
  const handle = openSync(file, 'r');
  try {
    const read = (offset: number, length: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(handle, bytes, 0, length, offset));
    };
    const number = (bytes: Buffer, at: number) => Number(bytes.readBigUInt64LE(at));
    const header = read(0, 64);
    // 64 bits, little-endian.
    if (header.length < 64 || header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return null;
    const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
    const table = read(number(header, 32), size * count);
    const segments = Array.from({ length: count }, (_, i) => table.subarray(i * size, (i + 1) * size)).map(
      (entry) => ({
        type: entry.readUInt32LE(0),
        offset: number(entry, 8),
        address: number(entry, 16),
        bytes: number(entry, 32),
      }),
    );
    const dynamic = segments.find(({ type }) => type === segment.dynamic);
    if (!dynamic) return [];
    const entries = read(dynamic.offset, dynamic.bytes);
    const values = (wanted: number) =>
      Array.from({ length: Math.floor(entries.length / 16) }, (_, i) => i * 16)
        .filter((at) => number(entries, at) === wanted)
        .map((at) => number(entries, at + 8));
    const [address = 0] = values(tag.names);
    const [length = 0] = values(tag.namesBytes);
    const holder = segments.find(
      (one) => one.type === segment.load && address >= one.address && address < one.address + one.bytes,
    );
    if (!holder) return null;
    const names = read(holder.offset + address - holder.address, length);
    return values(tag.needed).map((at) => names.toString('latin1', at, names.indexOf(0, at)));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  } finally {
    closeSync(handle);
  }
}

const segment = { load: 1, dynamic: 2 } as const;
const tag = { needed: 1, names: 5, namesBytes: 10 } as const;
