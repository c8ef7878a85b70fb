/**
 * The first frame of a GIF as Pillow reads it: by palette, so that transparent pixels keep the colour of their index.
 * Sources: CompuServe, GIF89a; Pillow, src/PIL/GifImagePlugin.py, src/libImaging/GifDecode.c.
 */
import type { RgbImage } from '../../../models/runtime';
import { checkSize, paletteOf, PillowError } from './types';

interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  interlaced: boolean;
  palette: Uint8Array | null;
  /** Where the smallest code size stands. */
  data: number;
}

/** @throws PillowError for a file that Pillow would not read */
export function readGif(file: Buffer): RgbImage {
  if (file.length < 13) throw new PillowError();
  let [width, height] = [file.readUInt16LE(6), file.readUInt16LE(8)];
  const { frame, transparent } = firstFrame(file);
  width = Math.max(width, frame.left + frame.width);
  height = Math.max(height, frame.top + frame.height);
  checkSize(width, height);
  // What the frame leaves open has the transparent index, or the first.
  const indices = new Uint8Array(width * height).fill(transparent ?? 0);
  const pixels = decompress(file, frame);
  for (let row = 0; row < frame.height; row++) {
    const y = frame.top + (frame.interlaced ? interlacedRow(row, frame.height) : row);
    indices.set(pixels.subarray(row * frame.width, (row + 1) * frame.width), y * width + frame.left);
  }
  // Without a palette an index is a shade of grey.
  const palette = frame.palette ?? Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < indices.length; i++)
    data.set(palette.subarray(indices[i]! * 3, indices[i]! * 3 + 3), i * 3);
  return { width, height, data };
}

function firstFrame(file: Buffer): { frame: Frame; transparent: number | null } {
  let at = 13;
  const paletteAt = (flags: number): Uint8Array | null => {
    if (!(flags & 0x80)) return null;
    const length = 3 << ((flags & 7) + 1);
    if (at + length > file.length) throw new PillowError();
    at += length;
    return paletteOf(file.subarray(at - length, at));
  };
  const shared = paletteAt(file[10]!);
  let transparent: number | null = null;
  while (at < file.length) {
    const kind = file[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      // A graphic control extension, which names the transparent index.
      const block = file.subarray(at + 2, at + 2 + (file[at + 1] ?? 0));
      if (file[at] === 0xf9 && block.length >= 4 && block[0]! & 1) transparent = block[3]!;
      at = endOfBlocks(file, at + 1);
    } else if (kind === 0x2c) {
      if (at + 10 > file.length) break;
      const place = (offset: number) => file.readUInt16LE(at + offset);
      const [left, top, width, height] = [place(0), place(2), place(4), place(6)];
      const flags = file[at + 8]!;
      at += 9;
      const own = paletteAt(flags);
      const frame = { left, top, width, height, interlaced: (flags & 0x40) !== 0, palette: own ?? shared };
      return { frame: { ...frame, data: at }, transparent };
    }
  }
  throw new PillowError();
}

function endOfBlocks(file: Buffer, from: number): number {
  let at = from;
  while (at < file.length && file[at] !== 0) at += file[at]! + 1;
  return at + 1;
}

/** Which row comes as the `index`th: every eighth, those between, every fourth's and every second's. */
function interlacedRow(index: number, height: number): number {
  let before = 0;
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const) {
    const rows = Math.max(0, Math.ceil((height - first) / step));
    if (index < before + rows) return first + (index - before) * step;
    before += rows;
  }
  return index;
}

/** LZW with codes of growing length; `width * height` indices. */
function decompress(file: Buffer, { data, width, height }: Frame): Uint8Array {
  const smallest = file[data]!;
  if (smallest < 1 || smallest > 11) throw new PillowError();
  const clear = 1 << smallest;
  const out = new Uint8Array(width * height);
  const prefix = new Int16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  for (let code = 0; code < clear; code++) suffix[code] = code;
  let [at, left, bits, held] = [data + 1, 0, 0, 0];
  let [length, next, last, first] = [smallest + 1, clear + 2, -1, 0];
  for (let filled = 0; filled < out.length;) {
    while (bits < length) {
      if (left === 0) left = file[at++] ?? 0;
      if (left === 0 || at >= file.length) throw new PillowError();
      held |= file[at++]! << bits;
      bits += 8;
      left--;
    }
    const code = held & ((1 << length) - 1);
    held >>>= length;
    bits -= length;
    if (code === clear) {
      [length, next, last] = [smallest + 1, clear + 2, -1];
      continue;
    }
    if (code === clear + 1 || code > next || (code === next && last < 0)) throw new PillowError();
    let depth = 0;
    let walk = code;
    if (code === next) {
      stack[depth++] = first;
      walk = last;
    }
    while (walk >= clear) {
      stack[depth++] = suffix[walk]!;
      walk = prefix[walk]!;
    }
    first = suffix[walk]!;
    stack[depth++] = first;
    while (depth > 0 && filled < out.length) out[filled++] = stack[--depth]!;
    if (last >= 0 && next < 4096) {
      prefix[next] = last;
      suffix[next] = first;
      next++;
      if (next === 1 << length && length < 12) length++;
    }
    last = code;
  }
  return out;
}
