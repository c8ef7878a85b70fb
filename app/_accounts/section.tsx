import type { ReactNode } from 'react';

/** A part of a page about accounts, named by its heading. */
export function Section(props: { title: string; hint?: ReactNode; children: ReactNode }) {
  const { title, hint, children } = props;
  return (
    <section aria-label={title} className="mt-10">
      <h3 className="text-lg font-semibold tracking-tight">{title}</h3>
      {hint && <p className="text-muted mt-1 max-w-prose text-sm leading-6 text-pretty">{hint}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
