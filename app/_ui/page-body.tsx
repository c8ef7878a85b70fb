'use client';

import type { ReactNode } from 'react';
import { useOverlayHistory } from './back-closes';

/**
 * The body of every page. It answers the question of early-input.ts whether the page listens, and keeps the browser's history
 * in step with what lies over the page.
 */
export function PageBody({ children }: { children: ReactNode }) {
  useOverlayHistory();
  return (
    <body
      className="bg-canvas text-ink font-sans antialiased"
      onGotPointerCaptureCapture={(event) => event.preventDefault()}
    >
      {children}
    </body>
  );
}
