'use client';

import { BookOpen, Gauge } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Board } from '@/server/evaluation/leaderboard/schema';
import { useBoardTitle } from './board-title';

/** The line above a board's rows: what it is, in which parts it differs from the others, and what its letters mean. */
export function BoardHead({ board, span }: { board: Board; span: number }) {
  const t = useTranslations('leaderboard.board');
  const titleOf = useBoardTitle();
  const Icon = board.kind === 'measured' ? Gauge : BookOpen;
  return (
    <tr>
      <th
        scope="rowgroup"
        colSpan={span}
        className="bg-sunken border-line border-y p-0 text-left font-normal"
      >
        {/* Stays in sight while the table is scrolled sideways. */}
        <div className="sticky left-0 w-max max-w-[min(64rem,calc(100vw-2.25rem))] px-3 py-2">
          <p className="flex items-start gap-2 text-[13px] leading-5 font-medium">
            <Icon aria-hidden className="text-muted mt-0.5 size-4 shrink-0" />
            {titleOf(board)}
          </p>
          <p className="text-muted mt-0.5 pl-6 text-xs leading-5 text-pretty">
            {board.kind === 'published' ? t('publishedNote') : <TestNote test={board.test} />}
          </p>
        </div>
      </th>
    </tr>
  );
}

function TestNote({ test }: Pick<Board, 'test'>) {
  const t = useTranslations('leaderboard.board.test');
  if (!test) return null;
  const { name, pairs, pending, unserved, level, items, rows: tested, untested } = test;
  return (
    <>
      {pending > 0
        ? t(unserved ? 'unserved' : 'pending', { pending, pairs })
        : items === null
          ? t('none')
          : t(name === 'mcnemar' ? 'mcnemar' : 'bootstrap', {
              items: items ?? 0,
              pairs,
              level: String(level),
            })}
      {untested > 0 && ` ${t('untested', { rows: tested, untested })}`}
    </>
  );
}
