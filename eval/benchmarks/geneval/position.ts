import type { Position } from './names';
import type { Detection } from './types';

/** Share of the two objects' sizes by which the distance of their centres shrinks. */
const shrink = 0.1;

/**
 * Where A is as seen from B: the offset of the centres, shrunk towards 0 by a tenth of both sizes, over the
 * length of the unshrunk offset; beyond half in a direction is a relation, so that there can be two on a
 * diagonal. As the official relative_position, in float64 (the official arrays are float32, which differs
 * only where a ratio is half to the seventh digit).
 */
export function relativePosition(a: Detection['box'], b: Detection['box']): Position[] {
  const [dx, dy] = directionOf(a, b);
  const relations: Position[] = [];
  if (dx < -0.5) relations.push('left of');
  if (dx > 0.5) relations.push('right of');
  if (dy < -0.5) relations.push('above');
  if (dy > 0.5) relations.push('below');
  return relations;
}

/** How far A lies from B in the direction of a relation, −1 to 1; the relation holds where it is more than half. */
export function offsetTowards(relation: Position, a: Detection['box'], b: Detection['box']): number {
  const [dx, dy] = directionOf(a, b);
  return { 'left of': -dx, 'right of': dx, above: -dy, below: dy }[relation];
}

/** The shrunk offset over the length of the unshrunk one; none where next to nothing is left of it. */
function directionOf(a: Detection['box'], b: Detection['box']): [dx: number, dy: number] {
  const offset = (axis: 0 | 1): number => (a[axis] + a[axis + 2]!) / 2 - (b[axis] + b[axis + 2]!) / 2;
  const size = (box: Detection['box'], axis: 0 | 1): number => Math.abs(box[axis + 2]! - box[axis]);
  const revised = (axis: 0 | 1): number =>
    Math.max(Math.abs(offset(axis)) - shrink * (size(a, axis) + size(b, axis)), 0) * Math.sign(offset(axis));
  const [x, y] = [revised(0), revised(1)];
  if (Math.abs(x) < 1e-3 && Math.abs(y) < 1e-3) return [0, 0];
  const distance = Math.sqrt(offset(0) ** 2 + offset(1) ** 2);
  return [x / distance, y / distance];
}
