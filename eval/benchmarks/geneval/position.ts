import { float } from './float32';
import type { Position } from './names';
import type { Detection } from './types';

/** Share of the two objects' sizes by which the distance of their centres shrinks. */
const shrink = float(0.1);

/**
 * Where A is as seen from B: the offset of the centres, shrunk towards 0 by a tenth of both sizes, over the
 * length of the unshrunk offset; beyond half in a direction is a relation, so that there can be two on a
 * diagonal. As the official relative_position, whose arrays have 32 bits: each step is rounded to them.
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

/**
 * How far A lies from B in the direction of a relation, −1 to 1; the relation holds where it is more than half. 0 for one
 * that GenEval does not know.
 */
export function offsetTowards(relation: string, a: Detection['box'], b: Detection['box']): number {
  const [dx, dy] = directionOf(a, b);
  const offsets: Record<Position, number> = { 'left of': -dx, 'right of': dx, above: -dy, below: dy };
  return Object.hasOwn(offsets, relation) ? offsets[relation as Position] : 0;
}

/** The shrunk offset over the length of the unshrunk one; none where next to nothing is left of it. */
function directionOf(a: Detection['box'], b: Detection['box']): [dx: number, dy: number] {
  const offsets = [0, 1].map((axis) => float(centre(a, axis) - centre(b, axis)));
  const revised = offsets.map((offset, axis) => {
    const sizes = float(size(a, axis) + size(b, axis));
    return Math.max(float(Math.abs(offset) - float(shrink * sizes)), 0) * Math.sign(offset);
  });
  if (revised.every((one) => Math.abs(one) < nothing)) return [0, 0];
  const [dx, dy] = offsets as [number, number];
  const distance = float(Math.sqrt(float(float(dx * dx) + float(dy * dy))));
  return [float(revised[0]! / distance), float(revised[1]! / distance)];
}

/** Less is next to nothing. */
const nothing = float(1e-3);

const centre = (box: Detection['box'], axis: number): number =>
  float(float(box[axis]!) + float(box[axis + 2]!)) / 2;
const size = (box: Detection['box'], axis: number): number =>
  Math.abs(float(float(box[axis + 2]!) - float(box[axis]!)));
