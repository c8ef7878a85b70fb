import { useTranslations } from 'next-intl';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useFigures } from './use-figures';

/** The main figure of a run with its 95 % interval; of one that goes on the figure so far; a dash before there is one. */
export function Headline({
  run: { headline, expected },
  large = false,
}: {
  run: Pick<RunRow, 'headline' | 'expected'>;
  large?: boolean;
}) {
  const t = useTranslations('runs');
  const { figure, interval, metric, count } = useFigures();
  if (!headline)
    return (
      <span className="text-muted text-sm">
        <span aria-hidden>–</span>
        <span className="sr-only">{t('noFigure')}</span>
      </span>
    );
  return (
    <span className="block min-w-0 tabular-nums">
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className={cn('font-semibold', large ? 'text-3xl tracking-tight' : 'text-sm')}>
          {figure(headline.mean, headline)}
        </span>
        {headline.interval && (
          <span className={cn('text-muted', large ? 'text-sm' : 'text-xs')}>
            <span className="sr-only">{t('intervalName')} </span>
            {interval(headline.interval, headline)}
          </span>
        )}
      </span>
      <span className={cn('text-muted block truncate text-xs', large ? 'mt-0.5' : 'leading-5')}>
        {metric(headline.metric)}
        {headline.provisional ? (
          <> · {t('provisional', { n: count(headline.n), expected: count(expected) })}</>
        ) : (
          large && <> · {t('ofSamples', { n: headline.n })}</>
        )}
      </span>
    </span>
  );
}
