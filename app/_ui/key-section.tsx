import { Fragment, type ReactNode } from 'react';

interface KeySectionProps {
  id: string;
  title: string;
  rows: readonly {
    name: string;
    label: string;
    /** Caps, by the key that each shows. */
    caps: readonly { value: string; cap: ReactNode }[];
    /** What stands between two caps. */
    between: string;
  }[];
}

/** The keys of one place, in a dialog that lists all of them. */
export function KeySection({ id, title, rows }: KeySectionProps) {
  return (
    <section aria-labelledby={id} className="mb-5 break-inside-avoid">
      <h3 id={id} className="text-muted mb-1.5 text-xs font-medium">
        {title}
      </h3>
      <dl className="text-sm">
        {rows.map(({ name, label, caps, between }) => (
          <div
            key={name}
            className="border-line flex items-center justify-between gap-4 border-b py-1 last:border-0"
          >
            <dt>{label}</dt>
            <dd className="flex shrink-0 items-center gap-1">
              {caps.map(({ value, cap }, index) => (
                <Fragment key={value}>
                  {index > 0 && <span className="text-muted px-0.5 text-xs">{between}</span>}
                  {cap}
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
