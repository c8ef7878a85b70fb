'use client';

import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { cn } from '../../_ui/cn';
import { KindMark, RowMarks } from '../_parts/marks';

const stuck =
  'bg-surface group-hover/row:bg-canvas border-line sticky z-10 border-b align-top transition-colors';

interface RankCellProps {
  row: LeaderboardRow;
  /** Whether it is in the charts; null where no row can be chosen. */
  chosen: boolean | null;
  onChoose: (id: string, on: boolean) => void;
}

/** The place on its board, and the box that puts the row into the charts. */
export function RankCell({ row, chosen, onChoose }: RankCellProps) {
  const t = useTranslations('leaderboard.table');
  return (
    <td className={cn(stuck, 'left-0 w-12 min-w-12 px-2.5 py-2 tabular-nums max-sm:px-1.5')}>
      <span className="flex flex-col items-start gap-1.5">
        {row.rank ?? (
          <span className="text-muted" title={t('noPlace')}>
            <span aria-hidden>–</span>
            <span className="sr-only">{t('noPlace')}</span>
          </span>
        )}
        {chosen !== null && (
          <input
            type="checkbox"
            className="accent-accent size-4 cursor-pointer"
            aria-label={t('choose', { model: row.model })}
            checked={chosen}
            onChange={(event) => onChoose(row.id, event.target.checked)}
          />
        )}
      </span>
    </td>
  );
}

interface ModelCellProps {
  row: LeaderboardRow;
  main: string;
  open: boolean;
  onToggle: () => void;
}

/** The model, what kind of row it is, and the button that opens its details. */
export function ModelCell({ row, main, open, onToggle }: ModelCellProps) {
  const t = useTranslations('leaderboard.table');
  const { model, version, kind, provenance } = row;
  return (
    <th
      scope="row"
      className={cn(
        stuck,
        'left-12 max-w-40 min-w-36 px-2.5 py-1.5 text-left font-normal shadow-[inset_-1px_0_0_var(--line)] max-sm:pl-0 sm:max-w-80 sm:min-w-52',
      )}
    >
      <button
        type="button"
        aria-expanded={open}
        aria-label={t('details', { model: [model, version].filter(Boolean).join(' ') })}
        onClick={onToggle}
        className="flex max-w-full items-start gap-1 rounded text-left"
      >
        <ChevronRight
          aria-hidden
          className={cn('text-muted mt-0.5 size-4 shrink-0 transition-transform', open && 'rotate-90')}
        />
        <span className="min-w-0 leading-5 font-medium [overflow-wrap:anywhere]">
          {model}
          {version && <span className="text-muted ml-1.5 text-xs font-normal">{version}</span>}
        </span>
      </button>
      <span className="text-muted flex flex-wrap gap-x-2 gap-y-0.5 pl-5 text-[11px] leading-4">
        {row.name && <span className="text-ink basis-full [overflow-wrap:anywhere]">{row.name}</span>}
        <KindMark kind={kind} />
        {kind === 'published' && provenance.place && <span>{provenance.place}</span>}
        <RowMarks row={row} main={main} />
      </span>
    </th>
  );
}
