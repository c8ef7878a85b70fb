/** Files of pictures, spoilt as transfers, disks and people who try things spoil them. */

/** Where the parts of a file begin, by its format's own lengths: chunks of PNG and WebP, segments of JPEG. */
function partsOf(file: Buffer): number[] {
  const starts: number[] = [];
  if (file[0] === 0x89)
    for (let at = 8; at + 8 <= file.length; at += 12 + file.readUInt32BE(at)) starts.push(at);
  else if (file[0] === 0xff) {
    // Up to the coded pixels, which have no length.
    for (let at = 2; at + 4 <= file.length && file[at] === 0xff; at += 2 + file.readUInt16BE(at + 2)) {
      starts.push(at);
      if (file[at + 1] === 0xda) break;
    }
  } else for (let at = 12; at + 8 <= file.length; at += 8 + file.readUInt32LE(at + 4)) starts.push(at);
  return starts;
}

/**
 * A spoilt copy: cut off, bits turned over, bytes put in or taken out, a part of its format twice or gone, stray bytes
 * between two parts, a length that lies, something after the end, several of these at once.
 * @param random whole numbers, of which the same ones spoil a file in the same way
 */
export function spoil(file: Buffer, random: () => number): Buffer {
  const below = (n: number) => random() % n;
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => below(256)));
  const starts = partsOf(file);
  const bounds = [...starts, file.length];
  const part = below(Math.max(1, starts.length));
  const [from = 0, to = file.length] = [bounds[part], bounds[part + 1]];
  const at = below(file.length);
  const ways: (() => Buffer)[] = [
    () => file.subarray(0, at),
    () => {
      const copy = Buffer.from(file);
      for (let n = 1 + below(6); n > 0; n--) {
        const place = below(file.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << below(8));
      }
      return copy;
    },
    () => Buffer.concat([file.subarray(0, at), noise(1 + below(16)), file.subarray(at)]),
    () => Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + below(16))]),
    () => Buffer.concat([file.subarray(0, to), file.subarray(from)]),
    () => Buffer.concat([file.subarray(0, from), file.subarray(to)]),
    () => Buffer.concat([file.subarray(0, from), noise(7), file.subarray(from)]),
    () => Buffer.concat([file.subarray(0, at), noise(file.length - at)]),
    () => {
      const copy = Buffer.from(file);
      if (copy.length > 4) copy.writeUInt32BE(random() >>> 0, below(Math.min(200, copy.length - 4)));
      return copy;
    },
    () => Buffer.concat([file, noise(below(5000))]),
  ];
  const spoilt = ways[below(ways.length)]!();
  return below(5) === 0 && spoilt.length > 0 ? spoil(spoilt, random) : spoilt;
}
