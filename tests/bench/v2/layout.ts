/**
 * Names and shapes of every tensor of Nexus-Gen V2 and of what it needs of FLUX.1-dev, as published, and the same in miniature to try
 * the benchmark with.
 */
export type Layout = Map<string, readonly number[]>;

export const sizes = {
  full: {
    language: { width: 3584, inner: 18_944, vocabulary: 152_064, layers: 28, heads: 28, kvHeads: 4 },
    vision: { width: 1280, inner: 3420, blocks: 32, heads: 16, full: [7, 15, 23, 31] },
    flux: { width: 3072, context: 4096, joint: 19, single: 38, wide: 16_384 },
    clip: { width: 768, vocabulary: 49_408, layers: 12, heads: 12 },
    t5: { width: 4096, inner: 10_240, vocabulary: 32_128, blocks: 24, heads: 64 },
    vae: 128,
  },
  small: {
    language: { width: 384, inner: 512, vocabulary: 152_064, layers: 2, heads: 3, kvHeads: 1 },
    vision: { width: 160, inner: 200, blocks: 2, heads: 2, full: [1] },
    flux: { width: 256, context: 128, joint: 1, single: 1, wide: 256 },
    clip: { width: 768, vocabulary: 49_408, layers: 1, heads: 12 },
    t5: { width: 128, inner: 160, vocabulary: 32_128, blocks: 1, heads: 2 },
    vae: 32,
  },
} as const;

export type Sizes = (typeof sizes)[keyof typeof sizes];

class Shapes {
  readonly layout: Layout = new Map();

  tensor(name: string, ...shape: number[]): void {
    this.layout.set(name, shape);
  }

  linear(name: string, outputs: number, inputs: number, bias = true): void {
    this.tensor(`${name}.weight`, outputs, inputs);
    if (bias) this.tensor(`${name}.bias`, outputs);
  }

  norm(name: string, width: number): void {
    this.tensor(`${name}.weight`, width);
    this.tensor(`${name}.bias`, width);
  }

  convolution(name: string, outputs: number, inputs: number, side: number): void {
    this.tensor(`${name}.weight`, outputs, inputs, side, side);
    this.tensor(`${name}.bias`, outputs);
  }
}

function qwenLayer(
  shapes: Shapes,
  prefix: string,
  { width, inner, heads, kvHeads }: Sizes['language'],
): void {
  const ofKeys = (width / heads) * kvHeads;
  shapes.tensor(`${prefix}input_layernorm.weight`, width);
  shapes.tensor(`${prefix}post_attention_layernorm.weight`, width);
  shapes.linear(`${prefix}self_attn.q_proj`, width, width);
  shapes.linear(`${prefix}self_attn.k_proj`, ofKeys, width);
  shapes.linear(`${prefix}self_attn.v_proj`, ofKeys, width);
  shapes.linear(`${prefix}self_attn.o_proj`, width, width, false);
  for (const name of ['gate_proj', 'up_proj']) shapes.linear(`${prefix}mlp.${name}`, inner, width, false);
  shapes.linear(`${prefix}mlp.down_proj`, width, inner, false);
}

export function autoregressive({ language, vision }: Sizes): Layout {
  const shapes = new Shapes();
  const { width, vocabulary, layers } = language;
  shapes.tensor('model.embed_tokens.weight', vocabulary, width);
  for (let i = 0; i < layers; i++) qwenLayer(shapes, `model.layers.${i}.`, language);
  shapes.tensor('model.norm.weight', width);
  shapes.tensor('lm_head.weight', vocabulary, width);
  shapes.tensor('vision_head.weight', width, width);
  shapes.tensor('image_prefill_embeds.weight', 81, width);
  shapes.tensor('visual.patch_embed.proj.weight', vision.width, 3, 2, 14, 14);
  for (let i = 0; i < vision.blocks; i++) {
    const prefix = `visual.blocks.${i}.`;
    for (const name of ['norm1', 'norm2']) shapes.tensor(`${prefix}${name}.weight`, vision.width);
    shapes.linear(`${prefix}attn.qkv`, 3 * vision.width, vision.width);
    shapes.linear(`${prefix}attn.proj`, vision.width, vision.width);
    for (const name of ['gate_proj', 'up_proj'])
      shapes.linear(`${prefix}mlp.${name}`, vision.inner, vision.width);
    shapes.linear(`${prefix}mlp.down_proj`, vision.width, vision.inner);
  }
  shapes.tensor('visual.merger.ln_q.weight', vision.width);
  shapes.linear('visual.merger.mlp.0', 4 * vision.width, 4 * vision.width);
  shapes.linear('visual.merger.mlp.2', width, 4 * vision.width);
  return shapes.layout;
}

function transformer(shapes: Shapes, { flux, clip }: Sizes): void {
  const { width, context, joint, single } = flux;
  const prefix = 'pipe.dit.';
  for (const [name, inputs] of [
    ...[
      ['time_embedder.timestep_embedder', 256] as const,
      ['guidance_embedder.timestep_embedder', 256] as const,
    ],
    ['pooled_text_embedder', clip.width] as const,
  ]) {
    shapes.linear(`${prefix}${name}.0`, width, inputs);
    shapes.linear(`${prefix}${name}.2`, width, width);
  }
  shapes.linear(`${prefix}context_embedder`, width, context);
  shapes.linear(`${prefix}x_embedder`, width, 64);
  for (let i = 0; i < joint; i++)
    for (const side of ['a', 'b']) {
      const block = `${prefix}blocks.${i}.`;
      shapes.linear(`${block}norm1_${side}.linear`, 6 * width, width);
      shapes.linear(`${block}attn.${side}_to_qkv`, 3 * width, width);
      shapes.linear(`${block}attn.${side}_to_out`, width, width);
      for (const name of ['q', 'k']) shapes.tensor(`${block}attn.norm_${name}_${side}.weight`, 128);
      shapes.linear(`${block}ff_${side}.0`, 4 * width, width);
      shapes.linear(`${block}ff_${side}.2`, width, 4 * width);
    }
  for (let i = 0; i < single; i++) {
    const block = `${prefix}single_blocks.${i}.`;
    shapes.linear(`${block}norm.linear`, 3 * width, width);
    shapes.linear(`${block}to_qkv_mlp`, 7 * width, width);
    for (const name of ['q', 'k']) shapes.tensor(`${block}norm_${name}_a.weight`, 128);
    shapes.linear(`${block}proj_out`, width, 5 * width);
  }
  shapes.linear(`${prefix}final_norm_out.linear`, 2 * width, width);
  shapes.linear(`${prefix}final_proj_out`, 64, width);
}

export function generationDecoder(sizes: Sizes): Layout {
  const shapes = new Shapes();
  const { context } = sizes.flux;
  transformer(shapes, sizes);
  shapes.linear('adapter.0', context, sizes.language.width);
  shapes.norm('adapter.1', context);
  shapes.linear('adapter.3', context, context);
  shapes.norm('adapter.4', context);
  return shapes.layout;
}

export function editingDecoder(sizes: Sizes): Layout {
  const shapes = new Shapes();
  const { context, wide } = sizes.flux;
  const prefix = 'embedding_merger.';
  transformer(shapes, sizes);
  qwenLayer(shapes, `${prefix}layers.0.`, sizes.language);
  shapes.tensor(`${prefix}projector.0.weight`, sizes.language.width);
  shapes.linear(`${prefix}projector.1`, wide, sizes.language.width);
  shapes.tensor(`${prefix}projector.2.weight`, wide);
  shapes.linear(`${prefix}projector.4`, context, wide);
  shapes.tensor(`${prefix}projector.5.weight`, context);
  return shapes.layout;
}

/** The decoder of FLUX's autoencoder; its encoder is not needed. */
export function autoencoder({ vae }: Sizes): Layout {
  const shapes = new Shapes();
  const deep = 4 * vae;
  const residual = (name: string, inputs: number, outputs: number) => {
    shapes.norm(`${name}.norm1`, inputs);
    shapes.convolution(`${name}.conv1`, outputs, inputs, 3);
    shapes.norm(`${name}.norm2`, outputs);
    shapes.convolution(`${name}.conv2`, outputs, outputs, 3);
    if (inputs !== outputs) shapes.convolution(`${name}.nin_shortcut`, outputs, inputs, 1);
  };
  shapes.convolution('decoder.conv_in', deep, 16, 3);
  residual('decoder.mid.block_1', deep, deep);
  shapes.norm('decoder.mid.attn_1.norm', deep);
  for (const name of ['q', 'k', 'v', 'proj_out'])
    shapes.convolution(`decoder.mid.attn_1.${name}`, deep, deep, 1);
  residual('decoder.mid.block_2', deep, deep);
  let width = deep;
  for (const level of [3, 2, 1, 0]) {
    const next = Math.min(deep, vae * 2 ** level);
    for (let block = 0; block < 3; block++) {
      residual(`decoder.up.${level}.block.${block}`, width, next);
      width = next;
    }
    if (level > 0) shapes.convolution(`decoder.up.${level}.upsample.conv`, width, width, 3);
  }
  shapes.norm('decoder.norm_out', vae);
  shapes.convolution('decoder.conv_out', 3, vae, 3);
  return shapes.layout;
}

export function clipText({ clip: { width, vocabulary, layers } }: Sizes): Layout {
  const shapes = new Shapes();
  shapes.tensor('text_model.embeddings.token_embedding.weight', vocabulary, width);
  shapes.tensor('text_model.embeddings.position_embedding.weight', 77, width);
  for (let i = 0; i < layers; i++) {
    const prefix = `text_model.encoder.layers.${i}.`;
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      shapes.linear(`${prefix}self_attn.${name}`, width, width);
    for (const name of ['layer_norm1', 'layer_norm2']) shapes.norm(`${prefix}${name}`, width);
    shapes.linear(`${prefix}mlp.fc1`, 4 * width, width);
    shapes.linear(`${prefix}mlp.fc2`, width, 4 * width);
  }
  shapes.norm('text_model.final_layer_norm', width);
  return shapes.layout;
}

export function t5Encoder({ t5: { width, inner, vocabulary, blocks, heads } }: Sizes): Layout {
  const shapes = new Shapes();
  shapes.tensor('shared.weight', vocabulary, width);
  for (let i = 0; i < blocks; i++) {
    const prefix = `encoder.block.${i}.layer.`;
    for (const name of ['q', 'k', 'v', 'o'])
      shapes.tensor(`${prefix}0.SelfAttention.${name}.weight`, width, width);
    for (const name of ['0', '1']) shapes.tensor(`${prefix}${name}.layer_norm.weight`, width);
    for (const name of ['wi_0', 'wi_1'])
      shapes.tensor(`${prefix}1.DenseReluDense.${name}.weight`, inner, width);
    shapes.tensor(`${prefix}1.DenseReluDense.wo.weight`, width, inner);
  }
  shapes.tensor('encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', 32, heads);
  shapes.tensor('encoder.final_layer_norm.weight', width);
  return shapes.layout;
}
