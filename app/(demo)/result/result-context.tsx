import { createContext, use, type ReactNode } from 'react';
import type { GenerationView } from '@/server/demo/schema';

/** One more line of a result's menu, in words of the page's language. */
export interface ResultMenuItem {
  key: string;
  /** Whether it makes a file: those stand together. */
  isFile?: boolean;
  label: ReactNode;
  icon: ReactNode;
  onSelect: () => void;
}

/** What other parts of the page add to the results. Keep the object between renders: every card reads it. */
export interface ResultSlots {
  /** Shows the results of one grid, oldest first. Left out, each has a card of its own. */
  renderGrid?: (generations: GenerationView[]) => ReactNode;
  /** Shows a result that is not in the thread. Left out, earlier results are loaded until it is. */
  onOpen?: (id: string) => void;
  /** Key `c`. */
  onCompare?: (generation: GenerationView) => void;
  /** Key `s`. */
  onShare?: (generation: GenerationView) => void;
  /** More lines in the menu of a finished result, before "Delete". */
  menuItems?: (generation: GenerationView) => ResultMenuItem[];
}

export type Walk = 'next' | 'previous' | 'first' | 'last';

/** What a card can ask of the thread that it stands in. */
export interface ResultsApi {
  slots: ResultSlots;
  /** Shows a result's picture large. */
  enlarge: (id: string) => void;
  /** Brings a result into view and gives it the focus, wherever it is. */
  goTo: (id: string) => void;
  /** Moves the focus from one result to another. */
  walk: (from: string, where: Walk) => void;
  /** Gives the focus to a neighbour before a result goes. */
  leave: (id: string) => void;
}

export const ResultsContext = createContext<ResultsApi | null>(null);

/** @throws Error outside a thread. */
export function useResults(): ResultsApi {
  const api = use(ResultsContext);
  if (!api) throw new Error('A result belongs in a thread.');
  return api;
}
