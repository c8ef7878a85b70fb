/**
 * Weights of linear layers in blocks of 4 or 8 bits, as onnxruntime's MatMulNBits takes them. A block is 32 numbers along the
 * inputs of one output: (number − zero point) · scale, so that the smallest and the largest weight are both kept.
 */

export type Bits = 4 | 8;

/** Numbers that share a scale and a zero point. */
export const block = 32;

/** What one output of a layer takes. The last block of a row is filled up with zeros. */
export interface RowSizes {
  blocks: number;
  /** In bytes. */
  numbers: number;
  scales: number;
  zeroPoints: number;
}

export function rowSizes(inputs: number, bits: Bits): RowSizes {
  const blocks = Math.ceil(inputs / block);
  return {
    blocks,
    numbers: (blocks * block * bits) / 8,
    scales: blocks * Float32Array.BYTES_PER_ELEMENT,
    zeroPoints: Math.ceil((blocks * bits) / 8),
  };
}

export interface Blocks {
  /** (outputs, blocks, block · bits / 8); of two numbers in one byte the first is the lower half. */
  numbers: Uint8Array;
  /** (outputs, blocks) */
  scales: Float32Array;
  /** (outputs, bytes of a row), packed like the numbers. */
  zeroPoints: Uint8Array;
}

/**
 * Rounds weights (outputs, inputs) to the nearest number of their block.
 * @returns null where one of them is not a finite number
 */
export function quantise(weights: Float32Array, inputs: number, bits: Bits): Blocks | null {
  const outputs = weights.length / inputs;
  const row = rowSizes(inputs, bits);
  const numbers = new Uint8Array(outputs * row.numbers);
  const scales = new Float32Array(outputs * row.blocks);
  const zeroPoints = new Uint8Array(outputs * row.zeroPoints);
  const most = 2 ** bits - 1;
  for (let output = 0; output < outputs; output++)
    for (let b = 0; b < row.blocks; b++) {
      const from = output * inputs + b * block;
      const to = Math.min(from + block, (output + 1) * inputs);
      // With 0 in between: a weight of 0 stays one.
      let [low, high] = [0, 0];
      for (let i = from; i < to; i++) {
        const weight = weights[i]!;
        if (weight - weight !== 0) return null;
        if (weight < low) low = weight;
        else if (weight > high) high = weight;
      }
      const zero = low === high ? 0 : Math.round((-low / (high - low)) * most);
      // Steps that reach both ends from the rounded zero: cut off at one of them, all blocks of symmetric weights would lean aside.
      const below = zero === 0 ? 0 : -low / zero;
      const above = zero === most ? 0 : high / (most - zero);
      const scale = Math.fround(Math.max(below, above));
      scales[output * row.blocks + b] = scale;
      put(zeroPoints, output * row.zeroPoints, b, zero, bits);
      const start = output * row.numbers + (b * block * bits) / 8;
      // Rounded by cutting off, since no number of steps is negative.
      const [perStep, half] = [scale === 0 ? 0 : 1 / scale, zero + 0.5];
      for (let i = 0; i < block; i++) {
        const steps = from + i < to ? weights[from + i]! * perStep + half : half;
        put(numbers, start, i, steps < 0 ? 0 : steps > most ? most : steps | 0, bits);
      }
    }
  return { numbers, scales, zeroPoints };
}

/** Writes the i-th number behind a place where nothing has been written yet. */
function put(bytes: Uint8Array, start: number, i: number, value: number, bits: Bits): void {
  if (bits === 8) bytes[start + i] = value;
  else bytes[start + (i >> 1)]! |= i % 2 === 0 ? value : value << 4;
}
