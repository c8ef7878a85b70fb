import { create } from 'zustand';
import type { GenerationView } from '@/server/demo/schema';

type Picture = NonNullable<GenerationView['picture']>;

/** A picture that is compared, and what made it where that is known. */
export interface Subject {
  picture: Picture;
  /** The job whose result it is: its settings are compared. */
  generationId: string | null;
  generation: GenerationView | null;
  /** What it is called beside its letter. */
  role: 'result' | 'source';
}

export interface Comparison {
  a: Subject;
  b: Subject;
}

/** A divider that is moved, one beside the other, or one in the other's place. */
export const modes = ['slider', 'side', 'toggle'] as const;
export type Mode = (typeof modes)[number];

interface State {
  /** Stays from one comparison to the next. */
  mode: Mode;
  /** The first of two, while the second is looked for. */
  picked: Subject | null;
  open: Comparison | null;
}

export const useCompare = create<State>(() => ({ mode: 'slider', picked: null, open: null }));
const { setState: set, getState } = useCompare;

function subjectOf(generation: GenerationView): Subject | null {
  const { picture, id } = generation;
  return picture && { picture, generationId: id, generation, role: 'result' };
}

/** Picks a result; a second one opens the comparison, and the same one again is let go. */
export function pickForCompare(generation: GenerationView): void {
  const subject = subjectOf(generation);
  if (!subject) return;
  const { picked } = getState();
  if (!picked) return set({ picked: subject });
  if (picked.generationId === generation.id) return set({ picked: null });
  set({ picked: null, open: { a: picked, b: subject } });
}

/** Opens an edit beside the picture that it was made from; nothing happens where there is none. */
export function compareWithSource(generation: GenerationView): void {
  const { source, parentId } = generation;
  const b = subjectOf(generation);
  if (!source || !b) return;
  const a: Subject = { picture: source, generationId: parentId, generation: null, role: 'source' };
  set({ picked: null, open: { a, b } });
}

export const cancelPick = (): void => set({ picked: null });
export const closeCompare = (): void => set({ open: null });
export const setMode = (mode: Mode): void => set({ mode });
export const nextMode = (mode: Mode): Mode => modes[(modes.indexOf(mode) + 1) % modes.length] ?? 'slider';
