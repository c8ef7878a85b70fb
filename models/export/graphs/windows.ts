import type { Value } from '../onnx/graph-builder';
import type { Layers } from './layers';

/** Windows of `side` × `side` tokens over a grid, row by row, `along` of them in a row; those at its edges reach beyond it. */
export interface WindowGrid {
  side: number;
  /** A list of one. */
  along: Value;
}

/** How many windows it takes along a length of tokens, a list of one. */
export const windowsAcross = (layers: Layers, length: Value, side: number): Value =>
  layers.div(layers.add(length, layers.graph.integers(side - 1)), layers.graph.integers(side));

/** Rows and columns in the grid of tokens within windows, both by their numbers. */
export function tokensOfGrid(
  layers: Layers,
  { side, along }: WindowGrid,
  window: Value,
  token: Value,
): [row: Value, column: Value] {
  const sides = layers.graph.integers(side);
  return [
    layers.add(layers.mul(layers.div(window, along), sides), layers.div(token, sides)),
    layers.add(layers.mul(layers.mod(window, along), sides), layers.mod(token, sides)),
  ];
}

/** And the other way: numbers of windows, and of tokens within them. */
export function tokensOfWindows(
  layers: Layers,
  { side, along }: WindowGrid,
  row: Value,
  column: Value,
): [window: Value, token: Value] {
  const sides = layers.graph.integers(side);
  return [
    layers.add(layers.mul(layers.div(row, sides), along), layers.div(column, sides)),
    layers.add(layers.mul(layers.mod(row, sides), sides), layers.mod(column, sides)),
  ];
}
