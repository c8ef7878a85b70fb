import { CheckpointError } from '../errors';
import { attention } from './attention';
import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';

/**
 * The transformer of FLUX.1 that Nexus-Gen's decoders are. A token is a patch of 2 × 2 latents; the text's tokens, image
 * embeddings here, stand before the image's.
 *
 * Everything that hangs on the noise level alone, a quarter of the weights, is a graph of its own: it runs once for all steps,
 * and its rows are what the decoder gets in each step.
 * Sources: DiffSynth-Studio 1.1.7, diffsynth/models/flux_dit.py; Nexus-Gen, modeling/decoder.
 */

/** What a decoder's tensors say of its sizes. */
export interface FluxSizes {
  width: number;
  heads: number;
  headDim: number;
  /** Blocks in which text and image have weights of their own, and blocks of one stream. */
  joint: number;
  single: number;
  /** Width of the condition. */
  context: number;
  /** Of the latents. */
  channels: number;
  /** Inner width of a block's MLP. */
  mlp: number;
}

export const fluxPrefix = 'pipe.dit.';
/** Frequencies of rotary positions: index, row, column. Their angles fill a head of 128. */
const axes = [16, 56, 56] as const;
const theta = 10_000;
const epsilon = 1e-6;
const patch = 2;
/** Numbers of a sinusoidal embedding. */
const sinusoids = 256;
/** What σ and the guidance are multiplied by before it. */
const timeScale = 1000;

/** @throws CheckpointError checkpoint_mismatch where the tensors are not those of a FLUX transformer */
export function fluxSizes(layers: Layers): FluxSizes {
  const p = fluxPrefix;
  const [width, patchSize] = layers.shape(`${p}x_embedder.weight`, null, null) as [number, number];
  const [, context] = layers.shape(`${p}context_embedder.weight`, width, null) as [number, number];
  const joint = layers.count(`${p}blocks.`, 'attn.a_to_qkv.weight');
  const single = layers.count(`${p}single_blocks.`, 'to_qkv_mlp.weight');
  if (joint === 0 || single === 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `The checkpoint has no blocks named ${p}blocks or ${p}single_blocks.`,
    );
  const [headDim] = layers.shape(`${p}blocks.0.attn.norm_q_a.weight`, null) as [number];
  const needed = axes.reduce((sum, axis) => sum + axis, 0);
  if (headDim !== needed || width % headDim !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `Heads of ${headDim} in a width of ${width} are not FLUX’s: its heads have ${needed}.`,
    );
  const [mlp] = layers.shape(`${p}blocks.0.ff_a.0.weight`, null, width) as [number];
  layers.shape(`${p}single_blocks.0.to_qkv_mlp.weight`, 3 * width + mlp, width);
  return {
    ...{ width, heads: width / headDim, headDim, joint, single, context, mlp },
    channels: patchSize / patch ** 2,
  };
}

/** How many numbers of modulation a step has, and where those of each part begin. */
function modulationOf({ width, joint, single }: FluxSizes) {
  const parts: { name: string; count: number }[] = [];
  for (let i = 0; i < joint; i++)
    for (const stream of ['a', 'b']) parts.push({ name: `blocks.${i}.norm1_${stream}.linear`, count: 6 });
  for (let i = 0; i < single; i++) parts.push({ name: `single_blocks.${i}.norm.linear`, count: 3 });
  parts.push({ name: 'final_norm_out.linear', count: 2 });
  return { parts, width: parts.reduce((sum, { count }) => sum + count, 0) * width };
}

/**
 * From noise levels to modulation: `timestep` (steps), σ from 0 to 1, to `modulation` (steps, numbers).
 * @param options.pooled CLIP's vector of the empty prompt
 * @param options.guidance the distilled guidance that the decoder is told of
 */
export function fluxModulation(layers: Layers, options: { pooled: Float32Array; guidance: number }): void {
  const { graph } = layers;
  const p = fluxPrefix;
  const sizes = fluxSizes(layers);
  const { parts, width } = modulationOf(sizes);
  layers.shape(`${p}pooled_text_embedder.0.weight`, sizes.width, options.pooled.length);
  const levels = graph.input('timestep', 'float32', ['steps']);
  layers.follow(layers.side(levels, 0));
  const twoLayers = (x: Value, name: string) =>
    layers.linear(layers.silu(layers.linear(x, `${p}${name}.0`)), `${p}${name}.2`);
  const time = twoLayers(
    sinusoid(layers, layers.mul(layers.reshape(levels, [-1, 1]), graph.constant([timeScale]))),
    'time_embedder.timestep_embedder',
  );
  // The tables in full precision: in half of it an angle of 3500 would be a guess.
  const guidance = twoLayers(
    sinusoid(layers, graph.constant([options.guidance * timeScale], [1, 1])),
    'guidance_embedder.timestep_embedder',
  );
  const pooled = twoLayers(
    layers.constant(options.pooled, [1, options.pooled.length]),
    'pooled_text_embedder',
  );
  const embedded = layers.silu(layers.add(layers.add(time, pooled), guidance));
  const rows = parts.map(({ name, count }) => {
    layers.shape(`${p}${name}.weight`, count * sizes.width, sizes.width);
    return layers.linear(embedded, `${p}${name}`);
  });
  graph.output('modulation', layers.give(layers.concat(rows, 1)), 'float32', ['steps', width]);
}

/** (n, 1) to (n, 256): cosines, then sines, of falling frequencies. */
function sinusoid(layers: Layers, x: Value): Value {
  const { graph } = layers;
  const half = sinusoids / 2;
  const frequencies = Array.from({ length: half }, (_, i) => Math.exp((-Math.log(theta) * i) / half));
  const angles = layers.mul(x, graph.constant(frequencies, [1, half]));
  return layers.take(layers.concat([graph.node('Cos', [angles]), graph.node('Sin', [angles])], 1));
}

/**
 * One step: `latents` (b, channels, h, w), `modulation` (1, numbers) of this step, and `cond` (b, n, C + 3), the condition's
 * tokens, each with its position after it: the index, and the row and column as parts of the latents' height and width.
 * Gives `velocity`, noise minus image.
 */
export function fluxDecoder(layers: Layers): void {
  const { graph } = layers;
  const p = fluxPrefix;
  const sizes = fluxSizes(layers);
  const { width, heads, headDim, context, channels, mlp } = sizes;
  const modulated = modulationOf(sizes);
  const latents = graph.input('latents', 'float32', ['b', channels, 'h', 'w']);
  const modulation = graph.input('modulation', 'float32', [1, modulated.width]);
  const condition = graph.input('cond', 'float32', ['b', 'n', context + 3]);
  const [batch, height, wide] = [0, 2, 3].map((axis) => layers.side(latents, axis)) as [Value, Value, Value];
  layers.follow(batch);
  const [rows, columns] = [height, wide].map((side) => layers.div(side, graph.integers(patch))) as [
    Value,
    Value,
  ];
  const imageTokens = layers.mul(rows, columns);
  const textTokens = layers.side(condition, 1);
  const lengths = layers.concat([textTokens, imageTokens], 0);
  const sequence = layers.concat([batch, graph.integers(-1, width)], 0);
  const inSequences = (x: Value) => layers.reshape(x, sequence);
  const inRows = (x: Value) => layers.reshape(x, [-1, width]);

  // The rows of this step, by the linear that the reference has in each block.
  const pieces = layers.split(
    layers.take(modulation),
    modulated.parts.map(({ count }) => count * width),
    1,
  );
  const stepOf = (name: string): Value[] => {
    const at = modulated.parts.findIndex((part) => part.name === name);
    const { count } = modulated.parts[at]!;
    return layers.split(pieces[at]!, new Array<number>(count).fill(width), 1);
  };

  const [embeddings, places] = layers.split(
    layers.reshape(condition, [-1, context + 3]),
    [context, 3],
    1,
  ) as [Value, Value];
  const rotate = rotaryOf(layers, { headDim, batch, height, wide, rows, columns, textTokens, places });

  const [ones, zeros] = [1, 0].map((value) => layers.constant(new Array<number>(width).fill(value))) as [
    Value,
    Value,
  ];
  const one = layers.constant([1]);
  const normed = (x: Value) =>
    graph.node('LayerNormalization', [x, ones, zeros], {
      attributes: { axis: -1, epsilon: { real: epsilon } },
    });
  const modulate = (x: Value, scale: Value, shift: Value) =>
    layers.add(layers.mul(normed(x), layers.add(one, scale)), shift);
  const headNorm = (x: Value, name: string) =>
    inSequences(layers.rmsNorm(layers.reshape(x, [-1, heads, headDim]), `${p}${name}.weight`, epsilon));
  const attend = (q: Value, k: Value, v: Value) =>
    attention(layers, [rotate(q), rotate(k), v], { heads, headDim });
  const linear = (x: Value, name: string) => layers.linear(x, `${p}${name}`);

  const patches = layers.reshape(
    latents,
    layers.concat(
      [batch, graph.integers(channels), rows, graph.integers(patch), columns, graph.integers(patch)],
      0,
    ),
  );
  const asRows = layers.reshape(layers.transpose(patches, [0, 2, 4, 1, 3, 5]), [-1, channels * patch ** 2]);
  let image = linear(layers.take(asRows), 'x_embedder');
  let text = linear(layers.take(embeddings), 'context_embedder');

  for (let i = 0; i < sizes.joint; i++) {
    const block = `blocks.${i}.`;
    const streams = { a: image, b: text };
    const sides = (['b', 'a'] as const).map((side) => {
      const [shift, scale, gate, mlpShift, mlpScale, mlpGate] = stepOf(`${block}norm1_${side}.linear`) as [
        ...[Value, Value, Value],
        ...[Value, Value, Value],
      ];
      const [q, k, v] = layers.split(
        linear(modulate(streams[side], scale, shift), `${block}attn.${side}_to_qkv`),
        [width, width, width],
        1,
      ) as [Value, Value, Value];
      return {
        ...{ side, gate, mlpShift, mlpScale, mlpGate },
        q: headNorm(q, `${block}attn.norm_q_${side}`),
        k: headNorm(k, `${block}attn.norm_k_${side}`),
        v: inSequences(v),
      };
    });
    const joined = (['q', 'k', 'v'] as const).map((kind) =>
      layers.concat(
        sides.map((side) => side[kind]),
        1,
      ),
    );
    const attended = layers.split(attend(...(joined as [Value, Value, Value])), lengths, 1, 2);
    const [nextText, nextImage] = sides.map(({ side, gate, mlpShift, mlpScale, mlpGate }, j) => {
      const seen = layers.add(
        streams[side],
        layers.mul(gate, linear(inRows(attended[j]!), `${block}attn.${side}_to_out`)),
      );
      const inner = layers.gelu(linear(modulate(seen, mlpScale, mlpShift), `${block}ff_${side}.0`), 'tanh');
      return layers.add(seen, layers.mul(mlpGate, linear(inner, `${block}ff_${side}.2`)));
    }) as [Value, Value];
    [text, image] = [nextText, nextImage];
  }

  let x = inRows(layers.concat([inSequences(text), inSequences(image)], 1));
  for (let i = 0; i < sizes.single; i++) {
    const block = `single_blocks.${i}.`;
    const [shift, scale, gate] = stepOf(`${block}norm.linear`) as [Value, Value, Value];
    const [q, k, v, inner] = layers.split(
      linear(modulate(x, scale, shift), `${block}to_qkv_mlp`),
      [width, width, width, mlp],
      1,
    ) as [Value, Value, Value, Value];
    const attended = attend(headNorm(q, `${block}norm_q_a`), headNorm(k, `${block}norm_k_a`), inSequences(v));
    const both = layers.concat([inRows(attended), layers.gelu(inner, 'tanh')], 1);
    x = layers.add(x, layers.mul(gate, linear(both, `${block}proj_out`)));
  }
  const [, last] = layers.split(inSequences(x), lengths, 1, 2) as [Value, Value];
  // Scale comes first here, shift second, unlike everywhere else.
  const [scale, shift] = stepOf('final_norm_out.linear') as [Value, Value];
  const velocity = layers.give(linear(modulate(inRows(last), scale, shift), 'final_proj_out'));
  const unfolded = layers.reshape(
    velocity,
    layers.concat([batch, rows, columns, graph.integers(channels, patch, patch)], 0),
  );
  const whole = layers.reshape(
    layers.transpose(unfolded, [0, 3, 1, 4, 2, 5]),
    layers.concat([batch, graph.integers(channels), height, wide], 0),
  );
  graph.output('velocity', whole, 'float32', ['b', channels, 'h', 'w']);
}

interface RotaryParts {
  headDim: number;
  /** Lists of one: of the latents and, `rows` and `columns`, of their patches. */
  batch: Value;
  height: Value;
  wide: Value;
  rows: Value;
  columns: Value;
  textTokens: Value;
  /** (b·n, 3) of the condition. */
  places: Value;
}

/** Turns pairs of a head's numbers by index, row and column of a token. Samples of a batch have the same places. */
function rotaryOf(layers: Layers, parts: RotaryParts): (x: Value) => Value {
  const { graph } = layers;
  const { headDim, batch, height, wide, rows, columns, textTokens, places } = parts;
  const grid = layers.concat([rows, columns], 0);
  const along = (length: Value, shape: readonly number[]) =>
    layers.reshape(
      graph.node('Expand', [layers.reshape(layers.cast(layers.range(length), 'float32'), shape), grid]),
      [-1, 1],
    );
  const [y, x] = [along(rows, [-1, 1]), along(columns, [1, -1])];
  const imagePlaces = layers.concat([layers.mul(y, graph.constant([0])), y, x], 1);
  const ofFirst = layers.reshape(
    graph.node('Slice', [places, graph.integers(0), textTokens, graph.integers(0)]),
    [-1, 3],
  );
  const scale = layers.cast(layers.concat([graph.integers(1), height, wide], 0), 'float32');
  const all = layers.concat([layers.mul(ofFirst, scale), imagePlaces], 0);
  const half = headDim / 2;
  const frequencies = new Float32Array(3 * half);
  let at = 0;
  for (const [axis, length] of axes.entries())
    for (let i = 0; i < length; i += 2) frequencies[axis * half + at++] = 1 / theta ** (i / length);
  const angles = graph.node('MatMul', [all, graph.constant(frequencies, [3, half])]);
  const [cos, sin] = ['Cos', 'Sin'].map((operator) => layers.take(graph.node(operator, [angles]))) as [
    Value,
    Value,
  ];
  const tokens = layers.side(angles, 0);
  const ids = graph.node('Expand', [
    layers.reshape(layers.range(tokens), [1, -1]),
    layers.concat([batch, tokens], 0),
  ]);
  return (value) => layers.microsoft('RotaryEmbedding', [value, ids, cos, sin], { interleaved: 1 });
}
