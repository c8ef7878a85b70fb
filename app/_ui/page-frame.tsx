import type { ReactNode } from 'react';
import { cn } from './cn';
import { SiteHeader } from './site-header';

interface PageFrameProps {
  /** In the place of the site's own. */
  header?: ReactNode;
  /** Beside the main part: what lies over the page. */
  overlays?: ReactNode;
  /** Of the main part: how wide it may be, and its padding. */
  className?: string;
  children: ReactNode;
}

/** A page of the site that scrolls as a whole: its header, and what it is about. */
export function PageFrame({ header = <SiteHeader />, overlays, className, children }: PageFrameProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      {header}
      <main className={cn('mx-auto w-full min-w-0', className)}>{children}</main>
      {overlays}
    </div>
  );
}
