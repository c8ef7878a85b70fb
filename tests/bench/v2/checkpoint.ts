import { randomFillSync } from 'node:crypto';
import { cp, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as layouts from './layout';
import type { Layout, Sizes } from './layout';

/** Bytes of one piece that is written. */
const pieceBytes = 64 * 2 ** 20;

interface Numbers {
  dtype: 'BF16' | 'F32';
  /** Leaves holes, which read as zeros and take no room, in place of random weights. */
  holes: boolean;
}

/** A checkpoint in the layout of Nexus-Gen V2 that nobody trained. @param like a checkpoint whose small files are taken over */
export async function writeCheckpoint(
  folder: string,
  like: string,
  sizes: Sizes,
  holes: boolean,
): Promise<number> {
  const flux = path.join(folder, 'FLUX.1-dev');
  for (const name of ['text_encoder', 'text_encoder_2'])
    await mkdir(path.join(flux, name), { recursive: true });
  for (const name of [
    ...['generation_config.json', 'preprocessor_config.json', 'tokenizer.json'],
    ...['tokenizer_config.json', 'chat_template.json'],
  ])
    await cp(path.join(like, name), path.join(folder, name));
  const { language, vision, clip, t5 } = sizes;
  const third = language.width / language.heads / 2;
  const sections = [
    third - 2 * Math.floor((3 * third) / 8),
    Math.floor((3 * third) / 8),
    Math.floor((3 * third) / 8),
  ];
  await change(path.join(like, 'config.json'), path.join(folder, 'config.json'), {
    ...{ hidden_size: language.width, num_attention_heads: language.heads },
    ...{ num_key_value_heads: language.kvHeads, num_hidden_layers: language.layers },
    ...{ intermediate_size: language.inner, vocab_size: language.vocabulary },
    rope_scaling: { type: 'mrope', mrope_section: sections },
    vision_config: {
      ...{ depth: vision.blocks, hidden_size: vision.width, num_heads: vision.heads },
      ...{ out_hidden_size: language.width, intermediate_size: vision.inner },
      fullatt_block_indexes: vision.full,
    },
  });
  const encoder = (name: string, values: object) =>
    change(path.join(like, 'FLUX.1-dev', name, 'config.json'), path.join(flux, name, 'config.json'), values);
  await encoder('text_encoder', { num_attention_heads: clip.heads, hidden_size: clip.width });
  await encoder('text_encoder_2', {
    ...{ d_kv: t5.width / t5.heads, d_model: t5.width, num_heads: t5.heads },
  });
  const half = { dtype: 'BF16', holes } as const;
  const written = [
    await writeSafetensors(path.join(folder, 'model.safetensors'), layouts.autoregressive(sizes), half),
    await writeSafetensors(
      path.join(folder, 'generation_decoder.bin'),
      layouts.generationDecoder(sizes),
      half,
    ),
    await writeSafetensors(path.join(folder, 'edit_decoder.bin'), layouts.editingDecoder(sizes), half),
    await writeSafetensors(path.join(flux, 'ae.safetensors'), layouts.autoencoder(sizes), {
      dtype: 'F32',
      holes,
    }),
    await writeSafetensors(path.join(flux, 'text_encoder/model.safetensors'), layouts.clipText(sizes), half),
    await writeSafetensors(
      path.join(flux, 'text_encoder_2/model.safetensors'),
      layouts.t5Encoder(sizes),
      half,
    ),
  ];
  return written.reduce((sum, bytes) => sum + bytes, 0);
}

/** A JSON file with other values, those of objects in it one by one. */
async function change(from: string, to: string, values: object): Promise<void> {
  const json = JSON.parse(await readFile(from, 'utf8')) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values) as [string, unknown][]) {
    const before = json[name];
    const inner = typeof before === 'object' && before !== null && !Array.isArray(value);
    json[name] = inner ? { ...before, ...(value as object) } : value;
  }
  await writeFile(to, JSON.stringify(json));
}

/** @returns its bytes */
async function writeSafetensors(file: string, layout: Layout, { dtype, holes }: Numbers): Promise<number> {
  const width = dtype === 'F32' ? 4 : 2;
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, shape] of layout) {
    const begin = end;
    end += shape.reduce((product, side) => product * side, width);
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(Buffer.concat([length, json]));
    const start = 8 + json.length;
    await handle.truncate(start + end);
    for (let at = 0; !holes && at < end; at += pieceBytes) {
      const piece = random(Math.min(pieceBytes, end - at), width);
      await handle.write(piece, 0, piece.length, start + at);
    }
    return start + end;
  } finally {
    await handle.close();
  }
}

/** Numbers of either sign from 0.008 to 0.03, about what trained weights are. */
export function random(bytes: number, width: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  randomFillSync(buffer);
  // The upper half of a float32: its sign, and an exponent of 2⁻⁷ or 2⁻⁶.
  for (let i = width - 2; i + 1 < bytes; i += width) {
    buffer[i + 1] = (buffer[i + 1]! & 0x80) | 0x3c;
  }
  return buffer;
}
