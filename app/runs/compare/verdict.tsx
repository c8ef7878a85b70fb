import { ArrowDown, ArrowUp, Equal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Comparison } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useRunNames } from '../shared/run-names';
import { useFigures } from '../shared/use-figures';

export type MetricRow = Comparison['metrics'][number];

const signs = { better: ArrowUp, worse: ArrowDown, tie: Equal };

/** `p` as people write it: small ones as a bound. */
export function pText(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** What the first metric says of the two runs, in a sentence, with the test behind it. */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('runCompare');
  const { count, metric, interval } = useFigures();
  const names = useRunNames();
  const main = comparison.metrics[0];
  const { first, second, common, alone } = comparison;
  const [one, two] = names([first, second]);
  if (!main) return null;
  const Sign = signs[main.verdict];
  const info = comparison.metricInfos.find((one) => one.metric === main.metric);
  return (
    <section aria-label={t('verdict.title')} className="border-line bg-surface rounded-xl border px-4 py-4">
      <p className="flex items-start gap-3 text-lg leading-7 font-medium text-pretty">
        <span
          aria-hidden
          className={cn(
            'mt-0.5 flex size-6 shrink-0 items-center justify-center rounded-full',
            main.verdict === 'better' && 'bg-accent text-on-accent',
            main.verdict === 'worse' && 'bg-danger text-surface',
            main.verdict === 'tie' && 'bg-sunken text-ink',
          )}
        >
          <Sign className="size-4" />
        </span>
        {t(`verdict.${main.verdict}`, {
          first: one!.whole,
          second: two!.whole,
          metric: metric(main.metric),
        })}
      </p>
      <p className="text-muted mt-2 text-sm leading-6 text-pretty tabular-nums">
        {t(`tests.${main.test === 'mcnemar' ? 'mcnemar' : 'bootstrap'}`)}
        {main.p !== null && <>: {pText(main.p)}</>}
        {main.interval && <> · {t('verdict.interval', { interval: interval(main.interval, info) })}</>}
        {' · '}
        {t('verdict.changes', { gained: count(main.gained), lost: count(main.lost) })}
        {' · '}
        {t('verdict.common', { common: count(common) })}
        {(alone.first > 0 || alone.second > 0) && (
          <> · {t('verdict.alone', { first: count(alone.first), second: count(alone.second) })}</>
        )}
      </p>
      {main.byItem && (
        <p className="text-muted mt-1 text-sm leading-6 text-pretty tabular-nums">
          {t('byItem', {
            n: count(main.byItem.n),
            interval: main.byItem.interval ? interval(main.byItem.interval, info) : '–',
            verdict: t(`verdicts.${main.byItem.verdict}`),
          })}
        </p>
      )}
    </section>
  );
}
