import { create } from 'zustand';
import type { GenerationView } from '@/server/demo/schema';

/** The dialogs about one result: one of each stands on the page, whichever card opens it. */
export type Tool = 'lineage' | 'share' | 'flag';

export interface OpenTool {
  tool: Tool;
  generation: GenerationView;
  /** Stays until the next is opened, so that a dialog can close in peace. */
  open: boolean;
}

export const useTool = create<OpenTool | null>(() => null);

export const openTool = (tool: Tool, generation: GenerationView): void =>
  useTool.setState({ tool, generation, open: true });
export const closeTool = (): void => useTool.setState((tool) => tool && { ...tool, open: false });
