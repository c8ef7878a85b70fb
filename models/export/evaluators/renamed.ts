import { CheckpointError } from '../errors';
import type { StoredTensor, Tensors } from '../checkpoint/tensors';

/**
 * What a file calls a tensor, and what the graphs call it, or the parts of equal height that its rows are. `#` stands for a number,
 * `*` for `weight` or `bias`.
 */
export type Rule = readonly [inFile: string, inGraph: string, ...more: string[]];

export interface Renamed {
  tensors: Tensors;
  /** What the file calls a tensor of the graphs, whether it has it or not. */
  nameInFile: (name: string) => string;
  /** Tensors that no rule is for. */
  others: string[];
}

interface Pattern {
  matches: RegExp;
  targets: readonly string[];
}

/** Tensors by the graphs' names, where they lie: a part of a tensor is a part of its bytes. @throws CheckpointError checkpoint_mismatch */
export function renamed(tensors: Tensors, rules: readonly Rule[]): Renamed {
  const there = rules.map(([inFile, ...targets]) => patternOf(inFile, targets));
  const back = rules.flatMap(([inFile, ...targets]) => targets.map((name) => patternOf(name, [inFile])));
  const found = new Map<string, StoredTensor>();
  const others: string[] = [];
  for (const [name, tensor] of tensors) {
    const names = translated(name, there);
    if (!names) others.push(name);
    else names.forEach((target, i) => found.set(target, rowsOf(name, tensor, i, names.length)));
  }
  return { tensors: found, nameInFile: (name) => translated(name, back)?.[0] ?? name, others };
}

function patternOf(template: string, targets: readonly string[]): Pattern {
  const escaped = template.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return {
    matches: new RegExp(`^${escaped.replaceAll('#', '(\\d+)').replaceAll('\\*', '(weight|bias)')}$`),
    targets,
  };
}

function translated(name: string, patterns: readonly Pattern[]): string[] | null {
  for (const { matches, targets } of patterns) {
    const match = matches.exec(name);
    if (!match) continue;
    const parts = match.slice(1);
    return targets.map((target) => {
      let next = 0;
      return target.replace(/[#*]/g, () => parts[next++]!);
    });
  }
  return null;
}

function rowsOf(name: string, tensor: StoredTensor, part: number, parts: number): StoredTensor {
  if (parts === 1) return tensor;
  const [rows = 0, ...sides] = tensor.shape;
  if (rows % parts !== 0)
    throw new CheckpointError(
      'checkpoint_mismatch',
      `${name} is ${tensor.shape.join(' × ')}, which is not ${parts} parts of the same height.`,
    );
  const length = tensor.length / parts;
  return { ...tensor, shape: [rows / parts, ...sides], offset: tensor.offset + part * length, length };
}

/**
 * Refuses what the graphs would leave out unseen.
 * @param of the model
 * @throws CheckpointError checkpoint_mismatch
 */
export function refuseOthers(place: string, of: string, others: readonly string[]): void {
  if (others.length === 0) return;
  const [first, ...more] = others;
  throw new CheckpointError(
    'checkpoint_mismatch',
    `${place} is not ${of} as it is known here: it has ${first}${more.length > 0 ? ` and ${more.length} other tensors` : ''} that ${of} has not.`,
  );
}
