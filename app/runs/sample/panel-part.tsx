import type { ReactNode } from 'react';

/** A part of what is said about a sample. */
export function PanelPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-5">
      <h3 className="text-muted mb-1.5 text-xs font-medium">{title}</h3>
      {children}
    </section>
  );
}
