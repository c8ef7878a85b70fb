import type { GenerationView } from '@/server/demo/schema';

/** A result in its tree, as a line of an indented list. */
export interface TreeLine {
  generation: GenerationView;
  /** 1 at the root. */
  level: number;
  /** Its place among its siblings, from 1, and how many they are. */
  place: number;
  siblings: number;
  /** Null without children. */
  expanded: boolean | null;
  parentId: string | null;
}

/**
 * The lines in sight, each parent before its children and these from the oldest to the newest.
 * @param closed ids whose children are folded away
 */
export function treeLines(nodes: GenerationView[], closed: ReadonlySet<string>): TreeLine[] {
  const known = new Set(nodes.map(({ id }) => id));
  const children = new Map<string | null, GenerationView[]>();
  for (const node of nodes) {
    const parent = node.parentId !== null && known.has(node.parentId) ? node.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  for (const list of children.values()) list.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const lines: TreeLine[] = [];
  const walk = (parentId: string | null, level: number) => {
    const list = children.get(parentId) ?? [];
    list.forEach((generation, index) => {
      const has = children.has(generation.id);
      const expanded = has ? !closed.has(generation.id) : null;
      lines.push({ generation, level, place: index + 1, siblings: list.length, expanded, parentId });
      if (expanded) walk(generation.id, level + 1);
    });
  };
  walk(null, 1);
  return lines;
}

/** Where a key of the tree pattern (WAI-ARIA) leads, or whether it folds; null for other keys. */
export function treeStep(
  lines: TreeLine[],
  id: string,
  key: string,
): { focus: string } | { fold: string } | null {
  const at = lines.findIndex((line) => line.generation.id === id);
  const line = lines[at];
  if (!line) return null;
  const to = (index: number) => {
    const target = lines[Math.min(lines.length - 1, Math.max(0, index))];
    return target ? { focus: target.generation.id } : null;
  };
  switch (key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'Home':
      return to(0);
    case 'End':
      return to(lines.length - 1);
    case 'ArrowRight':
      return line.expanded === false ? { fold: id } : line.expanded ? to(at + 1) : null;
    case 'ArrowLeft':
      return line.expanded ? { fold: id } : line.parentId === null ? null : { focus: line.parentId };
    default:
      return null;
  }
}
