'use client';

import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';

interface SortHeadProps {
  /** Which way the table is sorted by it. */
  sorted: 'asc' | 'desc' | false;
  /** The column in words, for screen readers. */
  name: string;
  onSort: () => void;
  children: ReactNode;
  hint?: string;
  className?: string;
  colSpan?: number;
}

/** The head of a column by which the table can be sorted. */
export function SortHead({ sorted, name, onSort, children, hint, className, colSpan }: SortHeadProps) {
  const t = useTranslations('leaderboard.table');
  const Icon = sorted === 'asc' ? ArrowUp : sorted === 'desc' ? ArrowDown : ChevronsUpDown;
  return (
    <th
      scope="col"
      colSpan={colSpan}
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
      className={cn(headStyle, className)}
    >
      <button
        type="button"
        onClick={onSort}
        aria-label={t('sort', { column: name })}
        className="hover:text-ink inline-flex items-start gap-1 rounded text-left font-medium"
      >
        <span>
          <span className={cn('block whitespace-nowrap', sorted && 'text-ink')}>{children}</span>
          {hint && <span className="block text-[11px] leading-4 font-normal whitespace-nowrap">{hint}</span>}
        </span>
        <Icon aria-hidden className={cn('mt-0.5 size-3.5 shrink-0', sorted ? 'text-ink' : 'opacity-50')} />
      </button>
    </th>
  );
}

export const headStyle =
  'bg-surface text-muted sticky top-0 z-20 px-2.5 py-2 text-left align-top text-xs font-medium shadow-[inset_0_-1px_0_var(--line)]';
