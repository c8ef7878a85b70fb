/**
 * BMP files as Pillow reads them: 1, 4 and 8 bits by palette, plain or run-length encoded; 16, 24 and 32 bits, whose
 * alpha is dropped. Source: Pillow, src/PIL/BmpImagePlugin.py, src/libImaging/Unpack.c.
 */
import type { RgbImage } from '../../../models/runtime';
import { checkSize, PillowError } from './types';

interface Header {
  width: number;
  height: number;
  bits: number;
  compression: number;
  topDown: boolean;
  /** Of red, green, blue and alpha, where the file names them. */
  masks: readonly number[] | null;
  palette: Uint8Array;
  /** Where the pixels begin. */
  data: number;
}

const compressions = { raw: 0, rle8: 1, rle4: 2, bitfields: 3 } as const;

/** Of red, green, blue; each with its bits' place and largest value. */
type Channels = readonly (readonly [shift: number, most: number])[];

const [red565, red555, bgr]: [Channels, Channels, Channels] = [
  [
    [11, 31],
    [5, 63],
    [0, 31],
  ],
  [
    [10, 31],
    [5, 31],
    [0, 31],
  ],
  [
    [16, 255],
    [8, 255],
    [0, 255],
  ],
];
const shifted = (...shifts: [number, number, number]): Channels =>
  shifts.map((shift) => [shift, 255] as const);

/** By bits and masks of red, green, blue and, at 32 bits, alpha, in hex: those that Pillow knows. */
const channelsByMasks: Readonly<Record<string, Channels>> = {
  '16:7c00,3e0,1f': red555,
  '16:f800,7e0,1f': red565,
  '24:ff0000,ff00,ff': bgr,
  '32:ff0000,ff00,ff,0': bgr,
  '32:ff0000,ff00,ff,ff000000': bgr,
  '32:ff000000,ff0000,ff00,0': shifted(24, 16, 8),
  '32:ff000000,ff0000,ff00,ff': shifted(24, 16, 8),
  '32:ff000000,ff00,ff,0': shifted(24, 8, 0),
  '32:ff000000,ff00,ff,ff0000': shifted(24, 8, 0),
  '32:ff,ff00,ff0000,ff000000': shifted(0, 8, 16),
  '32:0,0,0,0': bgr,
};

/** @throws PillowError for a file that Pillow would not read */
export function readBmp(file: Buffer): RgbImage {
  const header = readHeader(file);
  const { width, height, bits, compression } = header;
  checkSize(width, height);
  const isRunLength = compression === compressions.rle8 || compression === compressions.rle4;
  if (!isRunLength && compression !== compressions.raw && compression !== compressions.bitfields)
    throw new PillowError();
  const rows = isRunLength ? runLengthIndices(file, header) : null;
  const stride = ((width * bits + 31) >>> 3) & ~3;
  if (!rows && header.data + stride * height > file.length + (stride - Math.ceil((width * bits) / 8)))
    throw new PillowError();
  const colour = bits <= 8 ? null : channelsOf(header);
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const y = header.topDown ? row : height - 1 - row;
    const start = header.data + row * stride;
    for (let x = 0, to = y * width * 3; x < width; x++, to += 3) {
      if (colour) {
        const pixel = readPixel(file, start + (x * bits) / 8, bits / 8);
        for (let c = 0; c < 3; c++) {
          const [shift, most] = colour[c]!;
          data[to + c] = Math.floor((((pixel >>> shift) & most) * 255) / most);
        }
      } else {
        const perByte = 8 / bits;
        const index = rows
          ? rows[row * width + x]!
          : (file[start + Math.floor(x / perByte)]! >> (8 - bits * ((x % perByte) + 1))) & ((1 << bits) - 1);
        data.set(header.palette.subarray(index * 3, index * 3 + 3), to);
      }
    }
  }
  return { width, height, data };
}

function readPixel(file: Buffer, at: number, bytes: number): number {
  return file.readUIntLE(at, bytes);
}

function channelsOf({ bits, masks }: Header): Channels {
  const usual = bits === 16 ? red555 : bgr;
  if (!masks) return usual;
  const named = masks.slice(0, bits === 32 ? 4 : 3).map((mask) => mask.toString(16));
  const found = channelsByMasks[`${bits}:${named.join()}`];
  if (!found) throw new PillowError();
  return found;
}

function readHeader(file: Buffer): Header {
  const size = file.length >= 18 ? file.readUInt32LE(14) : 0;
  if (![12, 40, 52, 56, 64, 108, 124].includes(size) || file.length < 14 + size) throw new PillowError();
  const old = size === 12;
  let after = 14 + size;
  const height = old ? file.readUInt16LE(20) : file.readInt32LE(22);
  const bits = file.readUInt16LE(old ? 24 : 28);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new PillowError();
  const compression = old ? compressions.raw : file.readUInt32LE(30);
  let masks: number[] | null = null;
  if (compression === compressions.bitfields) {
    // After a short header the masks follow it; in a longer one they are part of it, at the same place.
    if (file.length < 70 || bits <= 8) throw new PillowError();
    masks = [54, 58, 62].map((at) => file.readUInt32LE(at));
    masks.push(size >= 56 ? file.readUInt32LE(66) : 0);
    if (size === 40) after += 12;
  }
  const colours = (old ? 0 : file.readUInt32LE(46)) || 2 ** bits;
  const padding = old ? 3 : 4;
  let data = file.readUInt32LE(10);
  const palette = new Uint8Array(768);
  if (bits <= 8) {
    if (colours > 65536) throw new PillowError();
    if (data === 14 + size) data += padding * colours;
    for (let i = 0; i < Math.min(colours, 256); i++) {
      const [blue, green, red] = file.subarray(after + i * padding, after + i * padding + 3);
      if (red !== undefined) palette.set([red, green!, blue!], i * 3);
    }
    after += padding * colours;
  }
  return {
    width: old ? file.readUInt16LE(18) : file.readInt32LE(18),
    height: Math.abs(height),
    bits,
    compression,
    topDown: height < 0,
    masks,
    palette,
    data: data || after,
  };
}

/** Indices row by row, in the file's order of rows. */
function runLengthIndices(file: Buffer, { width, height, compression, data }: Header): Uint8Array {
  const out = new Uint8Array(width * height);
  const four = compression === compressions.rle4;
  const nibble = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  let [at, filled, x] = [data, 0, 0];
  const put = (index: number) => {
    if (filled < out.length) out[filled] = index;
    filled++;
  };
  while (filled < out.length && at + 1 < file.length) {
    const [count, value] = [file[at]!, file[at + 1]!];
    at += 2;
    if (count > 0) {
      const fits = Math.min(count, Math.max(0, width - x));
      for (let i = 0; i < fits; i++) put(four ? nibble(value, i) : value);
      x += fits;
    } else if (value === 0) {
      while (filled % width !== 0) put(0);
      x = 0;
    } else if (value === 1) break;
    else if (value === 2) {
      if (at + 2 > file.length) break;
      for (let skip = file[at]! + file[at + 1]! * width; skip > 0 && filled < out.length; skip--) put(0);
      at += 2;
      x = filled % width;
    } else {
      const pixels = Math.min(out.length - filled, value);
      const bytes = four ? Math.ceil(pixels / 2) : pixels;
      if (at + bytes > file.length) break;
      for (let i = 0; i < pixels; i++) put(four ? nibble(file[at + (i >> 1)]!, i) : file[at + i]!);
      at += bytes;
      x += value;
      at += at % 2;
    }
  }
  if (filled < out.length) throw new PillowError();
  return out;
}
