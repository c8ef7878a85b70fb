/**
 * LZ4 of parquet files. That of hyparquet-compressors 1.1.2 does not take a block that holds nothing, a single 0, which
 * pyarrow writes for a column without values, and gives up on plain blocks that look like Hadoop's for a few bytes.
 * Source: lz4's lz4_Block_format.md; Apache Arrow, compression_lz4.cc (`Lz4HadoopCodec`).
 */

/** LZ4_RAW: one block. @throws Error for one that is damaged or does not fill the output */
export function decompressLz4Raw(input: Uint8Array, outputLength: number): Uint8Array {
  const output = new Uint8Array(outputLength);
  const written = block(input, output);
  if (written !== outputLength) throw new Error(`LZ4 data of ${written} bytes instead of ${outputLength}`);
  return output;
}

/** LZ4: Hadoop's frames, or one block, which older Arrow wrote under the same name. */
export function decompressLz4(input: Uint8Array, outputLength: number): Uint8Array {
  return hadoopFrames(input, outputLength) ?? decompressLz4Raw(input, outputLength);
}

/** Each frame has the length of its data and of its block before it, in four bytes, the highest first. */
function hadoopFrames(input: Uint8Array, outputLength: number): Uint8Array | null {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const output = new Uint8Array(outputLength);
  let written = 0;
  for (let at = 0; at < input.length;) {
    if (at + 8 > input.length) return null;
    const [length, size] = [view.getUint32(at), view.getUint32(at + 4)];
    at += 8;
    if (size > input.length - at || length > outputLength - written) return null;
    try {
      const part = output.subarray(written, written + length);
      if (block(input.subarray(at, at + size), part) !== length) return null;
    } catch {
      return null;
    }
    at += size;
    written += length;
  }
  return written === outputLength ? output : null;
}

/** @returns bytes written */
function block(input: Uint8Array, output: Uint8Array): number {
  let at = 0;
  let to = 0;
  const byte = (): number => {
    if (at >= input.length) throw new Error('LZ4 data is cut off');
    return input[at++]!;
  };
  /** Four bits, and as many bytes more as are full. */
  const lengthFrom = (bits: number): number => {
    let length = bits;
    if (bits === 15)
      for (let more = 255; more === 255;) {
        more = byte();
        length += more;
      }
    return length;
  };
  while (at < input.length) {
    const token = byte();
    const literals = lengthFrom(token >> 4);
    if (at + literals > input.length || to + literals > output.length)
      throw new Error('LZ4 data is longer than said');
    output.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence is literals alone, maybe none.
    if (at === input.length) break;
    const offset = byte() | (byte() << 8);
    const end = to + lengthFrom(token & 15) + 4;
    if (offset === 0 || offset > to || end > output.length)
      throw new Error('LZ4 data refers to what is not there');
    // Byte by byte: a match may run into itself.
    for (; to < end; to++) output[to] = output[to - offset]!;
  }
  return to;
}
