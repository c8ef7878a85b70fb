/** A graph with what every model needs of a device: a convolution, a matrix product, a softmax. */
import { GraphBuilder, type Value } from '../../models/export/onnx/graph-builder';
import type { GraphSpec } from '../../models/runtime';

export const graphName = 'check';
const [channels, side, width] = [4, 16, 32];
export const inputSize = channels * side * side;

export const specOf = (): GraphSpec => ({
  file: 'check.onnx',
  inputs: { x: { dtype: 'float32', shape: [1, inputSize] } },
  outputs: { y: { dtype: 'float32', shape: [1, width] } },
});

/** The bytes of its file. */
export function checkGraph(): Uint8Array {
  const graph = new GraphBuilder(graphName, (file) => file);
  const weights = (...shape: number[]): Value => {
    const length = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length }, (_, i) => Math.cos(i * 0.7) / 8);
    return graph.constant(values, shape);
  };
  const x = graph.input('x', 'float32', [1, inputSize]);
  const image = graph.node('Reshape', [x, graph.integers(1, channels, side, side)]);
  const seen = graph.node('Conv', [image, weights(channels, channels, 3, 3)], {
    attributes: { pads: [1, 1, 1, 1] },
  });
  const flat = graph.node('Reshape', [seen, graph.integers(1, inputSize)]);
  const product = graph.node('MatMul', [flat, weights(inputSize, width)]);
  graph.output('y', graph.node('Softmax', [product], { attributes: { axis: -1 } }), 'float32', [1, width]);
  return graph.finish();
}
