/** Image files that no encoder here writes, put together by hand. */
import { crc32 } from 'node:zlib';

/** A PNG chunk: length, type, data, checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A small PNG file that claims to be width × height: a decompression bomb without the pixels. */
export function pngClaiming(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const empty = Buffer.alloc(0);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', empty),
    pngChunk('IEND', empty),
  ]);
}

/** The same PNG with an animation header, as the first chunk after IHDR. */
export function animatedPng(png: Buffer): Buffer {
  const afterHeader = 8 + 25;
  const frames = Buffer.alloc(8);
  frames.writeUInt32BE(2, 0);
  return Buffer.concat([png.subarray(0, afterHeader), pngChunk('acTL', frames), png.subarray(afterHeader)]);
}
