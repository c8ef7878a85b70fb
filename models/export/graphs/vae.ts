import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';

/**
 * The decoder half of FLUX's VAE: `latents` (b, 16, h, w) to `pixels` (b, 3, 8h, 8w) from 0 to 1. It computes in float32 on
 * every device: norms over groups have no bfloat16 kernels, and half precision overflows in it.
 * Sources: black-forest-labs/flux, modules/autoencoder.py; DiffSynth-Studio, state_dict_converters/flux_vae.py.
 */

const groups = 32;
const epsilon = 1e-6;
/** What latents were divided by and shifted by when the transformer was trained on them. */
const scaling = { factor: 0.3611, shift: 0.1159 };

export function vaeDecoder(layers: Layers): void {
  const { graph } = layers;
  const p = 'decoder.';
  const channels = layers.tensor(`${p}conv_in.weight`).shape[1]!;
  const latents = graph.input('latents', 'float32', ['b', channels, 'h', 'w']);
  layers.follow(layers.side(latents, 0));
  const conv = (x: Value, name: string) => layers.conv(x, `${p}${name}`);
  const norm = (x: Value, name: string) => layers.groupNorm(x, `${p}${name}`, { groups, epsilon });
  const residual = (x: Value, name: string) => {
    const inner = conv(layers.silu(norm(x, `${name}.norm1`)), `${name}.conv1`);
    const kept = layers.has(`${p}${name}.nin_shortcut.weight`) ? conv(x, `${name}.nin_shortcut`) : x;
    return layers.add(kept, conv(layers.silu(norm(inner, `${name}.norm2`)), `${name}.conv2`));
  };
  /** One head over all places. */
  const attention = (x: Value, name: string) => {
    const width = layers.tensor(`${p}${name}.q.weight`).shape[0]!;
    const places = layers.reshape(norm(x, `${name}.norm`), [0, width, -1]);
    const project = (y: Value, part: string) =>
      layers.add(
        graph.node('MatMul', [layers.weight(`${p}${name}.${part}.weight`, [width, width]), y]),
        layers.weight(`${p}${name}.${part}.bias`, [width, 1]),
      );
    const turned = (y: Value) => layers.transpose(y, [0, 2, 1]);
    const scores = graph.node('MatMul', [turned(project(places, 'q')), project(places, 'k')]);
    const weights = graph.node('Softmax', [layers.mul(scores, graph.constant([width ** -0.5]))], {
      attributes: { axis: -1 },
    });
    const mixed = turned(graph.node('MatMul', [weights, turned(project(places, 'v'))]));
    return layers.add(x, layers.reshape(project(mixed, 'proj_out'), graph.node('Shape', [x])));
  };
  const twice = (x: Value) =>
    graph.node('Resize', [x, null, graph.constant([1, 1, 2, 2])], {
      attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    });
  const levels = layers.count(`${p}up.`, 'block.0.conv1.weight');

  const unscaled = layers.add(
    graph.node('Div', [latents, graph.constant([scaling.factor])]),
    graph.constant([scaling.shift]),
  );
  let x = conv(unscaled, 'conv_in');
  x = residual(attention(residual(x, 'mid.block_1'), 'mid.attn_1'), 'mid.block_2');
  // The last level is the smallest.
  for (let level = levels - 1; level >= 0; level--) {
    const blocks = layers.count(`${p}up.${level}.block.`, 'conv1.weight');
    for (let block = 0; block < blocks; block++) x = residual(x, `up.${level}.block.${block}`);
    if (layers.has(`${p}up.${level}.upsample.conv.weight`)) x = conv(twice(x), `up.${level}.upsample.conv`);
  }
  x = conv(layers.silu(norm(x, 'norm_out')), 'conv_out');
  const half = graph.constant([0.5]);
  const pixels = graph.node('Clip', [
    layers.add(layers.mul(x, half), half),
    graph.constant([0], []),
    graph.constant([1], []),
  ]);
  graph.output('pixels', pixels, 'float32', ['b', 3, 'height', 'width']);
}
