import type { ReactNode } from 'react';
import { PageFrame } from '../_ui/page-frame';

/** A page with one short form. */
export function NarrowPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <PageFrame className="max-w-sm flex-1 px-4 pt-[8vh] pb-16">
      <h2 className="text-2xl font-semibold tracking-tight">{title}</h2>
      {children}
    </PageFrame>
  );
}

/** What went wrong with a whole form. */
export function Failed({ children }: { children: string | null }) {
  return (
    <div role="alert">
      {children && (
        <p className="bg-danger-soft text-danger rounded-lg px-3 py-2 text-sm leading-5">{children}</p>
      )}
    </div>
  );
}
