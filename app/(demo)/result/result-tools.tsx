import { useSyncExternalStore } from 'react';
import type { GenerationView } from '@/server/demo/schema';

/** The dialogs about one result: one of each stands on the page, whichever card opens it. */
export type Tool = 'lineage' | 'share' | 'flag';

export interface OpenTool {
  tool: Tool;
  generation: GenerationView;
  /** Stays until the next is opened, so that a dialog can close in peace. */
  open: boolean;
}

let state: OpenTool | null = null;
const listeners = new Set<() => void>();

function set(next: OpenTool | null): void {
  state = next;
  for (const listener of listeners) listener();
}

export const openTool = (tool: Tool, generation: GenerationView): void =>
  set({ tool, generation, open: true });
export const closeTool = (): void => set(state && { ...state, open: false });

export const useTool = (): OpenTool | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
    () => null,
  );
