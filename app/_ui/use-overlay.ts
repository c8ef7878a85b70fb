'use client';

import { useState } from 'react';
import { useBackCloses } from './back-closes';

interface Overlay {
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** What opens over the page, whether its owner says when or it knows by itself; the browser's Back closes it. */
export function useOverlay({ open, defaultOpen = false, onOpenChange }: Overlay) {
  const [own, setOwn] = useState(defaultOpen);
  const shown = open ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  useBackCloses(shown, () => change(false));
  return { open: shown, onOpenChange: change };
}
