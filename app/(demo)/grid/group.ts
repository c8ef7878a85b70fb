import type { GenerationView } from '@/server/demo/schema';

export type ThreadItem =
  | { grid: null; generation: GenerationView; id: string }
  | { grid: string; generations: GenerationView[]; id: string };

/** The thread's items in their order, the cells of one grid that follow one another as one. */
export function groupGrids(items: GenerationView[]): ThreadItem[] {
  const groups: ThreadItem[] = [];
  for (const generation of items) {
    const last = groups.at(-1);
    const grid = generation.grid?.id ?? null;
    if (grid === null) groups.push({ grid, generation, id: generation.id });
    else if (last?.grid === grid) last.generations.push(generation);
    else groups.push({ grid, generations: [generation], id: grid });
  }
  return groups;
}
