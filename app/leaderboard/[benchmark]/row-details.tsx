'use client';

import type { LeaderboardRow } from '@/server/leaderboard/schema';
import { ComingLine, lazyPart } from '../../_ui/lazy-part';

const Details = lazyPart(() => import('./details').then((module) => module.Details), ComingLine);

/** What a row opens to. Its script comes when the first row is opened. */
export function RowDetails({ row, span }: { row: LeaderboardRow; span: number }) {
  return (
    <tr>
      <td colSpan={span} className="bg-canvas border-line border-b p-0">
        <div className="sticky left-0 min-h-40 w-max max-w-[min(72rem,calc(100vw-2.25rem))] px-4 py-3">
          <Details row={row} />
        </div>
      </td>
    </tr>
  );
}
