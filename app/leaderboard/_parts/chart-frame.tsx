'use client';

import { useTranslations } from 'next-intl';
import type { CSSProperties, ReactNode } from 'react';
import { Figures } from './figures';

/**
 * A chart's name, its picture, which screen readers and the keyboard pass over (so recharts' own layer for them is off),
 * and the same as a table.
 */
export function ChartFrame(props: {
  title: string;
  children: ReactNode;
  /** Of the table; left out where one stands below the chart anyway. */
  head?: readonly string[];
  lines?: readonly (readonly string[])[];
}) {
  const { title, children, head, lines } = props;
  const t = useTranslations('leaderboard.chart');
  return (
    <figure className="mt-3">
      <figcaption className="text-[13px] font-medium">{title}</figcaption>
      <div aria-hidden className="mt-1 text-xs">
        {children}
      </div>
      {head && lines && (
        <details className="mt-2">
          <summary className="text-muted hover:text-ink w-max cursor-pointer text-[13px]">
            {t('asTable')}
          </summary>
          <Figures caption={title} head={head} rows={lines} className="mt-2 max-h-80" />
        </details>
      )}
    </figure>
  );
}

export function EmptyChart({ children }: { children: ReactNode }) {
  return <p className="text-muted grid h-40 place-items-center px-4 text-center text-sm">{children}</p>;
}

/** What recharts draws beside its lines, in the page's own colours. */
export const axis = { stroke: 'var(--line-strong)', tick: { fill: 'var(--muted)', fontSize: 11 } } as const;
export const tooltip: { contentStyle: CSSProperties; labelStyle: CSSProperties; cursor: object } = {
  contentStyle: {
    background: 'var(--surface)',
    border: '1px solid var(--line)',
    borderRadius: 8,
    color: 'var(--ink)',
    fontSize: 12,
  },
  labelStyle: { color: 'var(--ink)', fontWeight: 600 },
  cursor: { fill: 'var(--sunken)', stroke: 'var(--line-strong)' },
};
