import { useTranslations } from 'next-intl';
import type { AgainstMetric } from '@/server/reviews/schema';
import { cn } from '../../_ui/cn';

export const cells = ['bothPass', 'humanOnly', 'metricOnly', 'bothFail'] as const;
export type Cell = (typeof cells)[number];

/** Rows: what people said; columns: what the metric said. */
const rows = [
  { human: 'pass', cells: ['bothPass', 'humanOnly'] },
  { human: 'fail', cells: ['metricOnly', 'bothFail'] },
] as const;

interface ConfusionProps {
  counts: NonNullable<AgainstMetric['confusion']>;
  chosen: Cell | null;
  onChoose: (cell: Cell | null) => void;
}

/** The four ways in which people and the metric can judge. Each opens its items. */
export function Confusion({ counts, chosen, onChoose }: ConfusionProps) {
  const t = useTranslations('reviewResults.metric');
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <table className="w-full table-fixed border-separate border-spacing-1.5 text-sm">
      <caption className="sr-only">{t('matrix')}</caption>
      <thead>
        <tr>
          <td className="w-22" />
          {(['pass', 'fail'] as const).map((verdict) => (
            <th key={verdict} scope="col" className="text-muted pb-0.5 text-[13px] font-medium">
              {t(`metricSays.${verdict}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.human}>
            <th scope="row" className="text-muted pr-1 text-right text-[13px] leading-5 font-medium">
              {t(`humanSays.${row.human}`)}
            </th>
            {row.cells.map((cell) => {
              const count = counts[cell];
              const differ = cell === 'humanOnly' || cell === 'metricOnly';
              return (
                <td key={cell} className="p-0">
                  <button
                    type="button"
                    aria-pressed={chosen === cell}
                    aria-label={t('openCell', { cell: t(`cells.${cell}`), count })}
                    onClick={() => onChoose(chosen === cell ? null : cell)}
                    className={cn(
                      'flex h-20 w-full cursor-pointer flex-col items-center justify-center rounded-xl border tabular-nums transition-colors',
                      differ
                        ? 'bg-danger-soft text-danger hover:border-danger'
                        : 'bg-accent-soft text-accent hover:border-accent',
                      chosen === cell ? 'border-current' : 'border-transparent',
                    )}
                  >
                    <span className="text-xl font-semibold">{count}</span>
                    <span className="text-xs">
                      {total > 0 ? `${Math.round((count / total) * 100)} %` : ''}
                    </span>
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
