/** What decides how a TIFF's samples are read: tags of its first directory. Source: TIFF 6.0; libtiff. */

export interface TiffTags {
  bigEndian: boolean;
  /** 0 is white at zero, 1 black at zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab. */
  photometric: number;
  bits: number;
  samples: number;
  /** 1 unsigned, 2 signed, 3 float. */
  sampleFormat: number;
  compression: number;
  /** Meaning of the samples beyond the colour: 1 is premultiplied alpha. */
  extra: number[];
  /** Where the meaning of a single one stands in the file. */
  extraAt: number | null;
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** @returns null where the file has no readable directory */
export function readTiffTags(file: Buffer): TiffTags | null {
  try {
    const bigEndian = file[0] === 0x4d;
    const short = (at: number) => (bigEndian ? file.readUInt16BE(at) : file.readUInt16LE(at));
    const long = (at: number) => (bigEndian ? file.readUInt32BE(at) : file.readUInt32LE(at));
    const directory = long(4);
    const values = new Map<number, number[]>();
    let extraAt: number | null = null;
    for (let i = 0; i < short(directory); i++) {
      const entry = directory + 2 + i * 12;
      const [tag, type, count] = [short(entry), short(entry + 2), long(entry + 4)];
      const size = sizes[type];
      if (size === undefined || count > 64) continue;
      const start = size * count <= 4 ? entry + 8 : long(entry + 8);
      if (tag === 338 && type === 3 && count === 1) extraAt = start;
      const read = (at: number) => (size === 1 ? file[at]! : size === 2 ? short(at) : long(at));
      values.set(
        tag,
        Array.from({ length: count }, (_, k) => read(start + k * size)),
      );
    }
    return {
      bigEndian,
      photometric: values.get(262)?.[0] ?? 0,
      bits: values.get(258)?.[0] ?? 1,
      samples: values.get(277)?.[0] ?? 1,
      sampleFormat: values.get(339)?.[0] ?? 1,
      compression: values.get(259)?.[0] ?? 1,
      extra: values.get(338) ?? [],
      extraAt,
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * The file with its premultiplied alpha called plain, so that its samples come as they are stored.
 * @returns null where its alpha is plain already
 */
export function withPlainAlpha(file: Buffer, { extra, extraAt, bigEndian }: TiffTags): Buffer | null {
  if (extra[0] !== 1 || extraAt === null) return null;
  const copy = Buffer.from(file);
  if (bigEndian) copy.writeUInt16BE(2, extraAt);
  else copy.writeUInt16LE(2, extraAt);
  return copy;
}
