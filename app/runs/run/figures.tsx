import { useTranslations } from 'next-intl';
import { verdictMetric } from '../../../server/evaluation/runs/figures';
import type { MetricInfo, RunDetail } from '@/server/evaluation/runs/schema';
import { useFigures } from '../shared/use-figures';
import { SamplesLink } from './samples-link';

/** The figures of the run as a whole, each with its 95 % interval. */
export function WholeFigures({ run }: { run: RunDetail }) {
  const t = useTranslations('runs');
  const { figure, interval, metric, latency, duration, count } = useFigures();
  const whole = run.aggregates.filter(({ group }) => group === '');
  const info = infoOf(run);
  return (
    <dl className="grid grid-cols-2 gap-2.5 sm:grid-cols-3 lg:grid-cols-4">
      {whole.map((one) => (
        <Card key={one.metric} name={metric(one.metric)}>
          <span className="text-xl font-semibold tracking-tight">{figure(one.mean, info(one.metric))}</span>
          <Small>
            {one.interval ? interval(one.interval, info(one.metric)) : t('figure.noInterval')}
            {' · '}
            {t('figure.n', { n: count(one.n) })}
          </Small>
        </Card>
      ))}
      {run.latency && (
        <Card name={t('latency.title')}>
          <span className="text-xl font-semibold tracking-tight">{latency(run.latency.p50)}</span>
          <Small>{t('latency.more', { p95: latency(run.latency.p95), n: count(run.latency.n) })}</Small>
        </Card>
      )}
      <Card name={t('counts.title')}>
        <span className="text-xl font-semibold tracking-tight">{count(run.counts.scored)}</span>
        <Small>
          {t('counts.more', {
            expected: count(run.counts.expected),
            failed: count(run.counts.failed),
            unscored: count(run.counts.unscored),
          })}
        </Small>
      </Card>
      {run.seconds !== null && (
        <Card name={t('seconds.title')}>
          <span className="text-xl font-semibold tracking-tight">{duration(run.seconds)}</span>
          <Small>{t('seconds.more', { cached: count(run.counts.cached) })}</Small>
        </Card>
      )}
    </dl>
  );
}

function Card({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="border-line bg-surface min-w-0 rounded-xl border px-3.5 py-3 tabular-nums">
      <dt className="text-muted truncate text-xs leading-5">{name}</dt>
      <dd className="mt-0.5">{children}</dd>
    </div>
  );
}

const Small = ({ children }: { children: React.ReactNode }) => (
  <span className="text-muted mt-0.5 block text-xs leading-5">{children}</span>
);

const infoOf = (run: RunDetail) => {
  const by = new Map(run.metrics.map((info): [string, MetricInfo] => [info.metric, info]));
  return (metric: string) => by.get(metric);
};

/** The figures by category; each category opens its samples. */
export function GroupFigures({ run }: { run: RunDetail }) {
  const t = useTranslations('runs');
  const { figure, interval, metric, group, count } = useFigures();
  const info = infoOf(run);
  const grouped = run.aggregates.filter((one) => one.group !== '');
  const metrics = [...new Set(grouped.map((one) => one.metric))];
  // Sums over several categories (MMMU's domains) are figures too, and stand after them.
  const names = [...new Set([...run.groups, ...grouped.map((one) => one.group)])];
  const judged = run.metrics.some((one) => one.metric === verdictMetric);
  if (grouped.length === 0) return null;
  return (
    <div
      className="border-line bg-surface overflow-x-auto rounded-xl border"
      tabIndex={0}
      role="group"
      aria-label={t('groups.title')}
    >
      <table className="w-full border-collapse text-left text-sm tabular-nums">
        <caption className="sr-only">{t('groups.title')}</caption>
        <thead>
          <tr className="border-line text-muted border-b text-xs">
            <th scope="col" className="px-4 py-2 font-medium">
              {t('groups.name')}
            </th>
            {metrics.map((name) => (
              <th key={name} scope="col" className="px-3 py-2 font-medium">
                {metric(name)}
              </th>
            ))}
            <th scope="col" className="px-3 py-2 text-right font-medium">
              {t('groups.n')}
            </th>
            {judged && (
              <th scope="col" className="px-4 py-2 text-right font-medium">
                <span className="sr-only">{t('groups.wrong')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const own = grouped.filter((one) => one.group === name);
            const opens = run.groups.includes(name);
            return (
              <tr key={name} className="border-line border-b last:border-0">
                <th scope="row" className="px-4 py-2 font-normal whitespace-nowrap">
                  {opens ? (
                    <SamplesLink runId={run.id} filters={{ group: name }} className="font-medium">
                      {group(name)}
                    </SamplesLink>
                  ) : (
                    group(name)
                  )}
                </th>
                {metrics.map((metricName) => {
                  const one = own.find((given) => given.metric === metricName);
                  const how = info(metricName);
                  return (
                    <td key={metricName} className="min-w-44 px-3 py-2">
                      {one ? (
                        <span className="flex items-center gap-3">
                          <span className="w-12 shrink-0 font-medium whitespace-nowrap">
                            {figure(one.mean, how)}
                          </span>
                          <IntervalBar mean={one.mean} interval={one.interval} info={how} />
                          {one.interval && (
                            <span className="text-muted text-xs whitespace-nowrap max-sm:sr-only">
                              {interval(one.interval, how)}
                            </span>
                          )}
                        </span>
                      ) : (
                        <span className="text-muted">–</span>
                      )}
                    </td>
                  );
                })}
                <td className="text-muted px-3 py-2 text-right">{own[0] ? count(own[0].n) : '–'}</td>
                {judged && (
                  <td className="px-4 py-2 text-right whitespace-nowrap">
                    {opens && (
                      <SamplesLink
                        runId={run.id}
                        filters={{ group: name, verdict: 'wrong' }}
                        label={t('groups.wrongOf', { group: group(name) })}
                      >
                        {t('groups.wrong')}
                      </SamplesLink>
                    )}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface IntervalBarProps {
  mean: number;
  interval: readonly [number, number] | null;
  info: MetricInfo | undefined;
}

/** A figure and its interval on a scale, for figures that have one: shares, cosines and percents. */
function IntervalBar({ mean, interval, info }: IntervalBarProps) {
  const top = info?.unit === 'percent' || info?.unit === 'points' ? 100 : 1;
  const place = (value: number) => `${Math.min(1, Math.max(0, value / top)) * 100}%`;
  const [low, high] = interval ?? [mean, mean];
  return (
    <span aria-hidden className="bg-sunken relative h-2 w-24 shrink-0 rounded-full">
      <span
        className="bg-accent/35 absolute inset-y-0 rounded-full"
        style={{ left: place(low), right: `calc(100% - ${place(high)})` }}
      />
      <span
        className="bg-accent absolute -inset-y-0.5 w-0.5 -translate-x-1/2 rounded-full"
        style={{ left: place(mean) }}
      />
    </span>
  );
}
