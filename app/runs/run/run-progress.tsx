import { useTranslations } from 'next-intl';
import type { RunDetail, RunProgress } from '@/server/evaluation/runs/schema';
import { useWorkers } from '../../_ui/use-workers';
import { ProgressBar } from '../shared/progress-bar';
import { useFigures } from '../shared/use-figures';

interface RunProgressViewProps {
  run: RunDetail;
  progress: RunProgress | null;
  /** The stream is away; what stands here may be old. */
  broken: boolean;
}

/** How far a run is that has not ended, how fast it goes and how long it will take. Its room is always the same. */
export function RunProgressView({ run, progress, broken }: RunProgressViewProps) {
  const t = useTranslations('runs');
  const { count, duration, number } = useFigures();
  const workers = useWorkers(true);
  const preparing = progress?.preparing ?? run.preparing;
  const counts = progress?.counts ?? run.counts;
  const state = progress?.state ?? run.state;
  const lost = counts.failed + counts.unscored;
  const done = counts.expected - counts.missing;
  const rate = state === 'running' ? progress?.rate : null;
  const left = state === 'running' ? progress?.secondsLeft : null;
  return (
    <section
      aria-label={t('progress.title')}
      className="border-line bg-surface mb-5 rounded-xl border px-4 py-3.5"
    >
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm tabular-nums">
        <p className="font-medium">
          {t('progress.made', { done: count(done), expected: count(counts.expected) })}
        </p>
        <p className="text-muted">
          {broken
            ? t('progress.broken')
            : rate && workers?.any !== false
              ? t('progress.rate', { rate: number(rate, rate < 10 ? 1 : 0) })
              : state === 'paused'
                ? t('progress.paused')
                : workers && !workers.any
                  ? t('progress.unserved')
                  : preparing
                    ? t('progress.preparing')
                    : t('progress.starting')}
          {!broken && left !== null && left !== undefined && (
            <> · {t('progress.left', { time: duration(left) })}</>
          )}
        </p>
        <p className="text-muted ml-auto">
          {t('progress.scored', { scored: count(counts.scored) })}
          {lost > 0 && <span className="text-danger"> · {t('progress.lost', { lost: count(lost) })}</span>}
          {counts.cached > 0 && <> · {t('progress.cached', { cached: count(counts.cached) })}</>}
        </p>
      </div>
      <ProgressBar
        className="mt-2.5"
        label={t('progress.title')}
        {...{ done, expected: counts.expected, failed: lost }}
      />
    </section>
  );
}
