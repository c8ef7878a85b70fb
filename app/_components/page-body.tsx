'use client';

import type { ReactNode } from 'react';
import { useOverlayHistory } from './back-closes';

/** The body of every page. It keeps the browser's history in step with what lies over the page. */
export function PageBody({ children }: { children: ReactNode }) {
  useOverlayHistory();
  return <body className="bg-canvas text-ink font-sans antialiased">{children}</body>;
}
