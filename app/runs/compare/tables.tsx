import { useTranslations } from 'next-intl';
import type { Comparison, MetricInfo } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';
import { useFigures } from '../shared/use-figures';
import type { Which } from './url-state';
import { pText } from './verdict';

const infoOf = ({ metricInfos }: Comparison) => {
  const by = new Map(metricInfos.map((info): [string, MetricInfo] => [info.metric, info]));
  return (metric: string) => by.get(metric);
};

const head = 'px-3 py-2 font-medium whitespace-nowrap first:px-4 last:px-4';
const cell = 'px-3 py-2 whitespace-nowrap first:px-4 last:px-4';

/** Every metric of both, the difference, the test behind it and its verdict. */
export function MetricTable({ comparison }: { comparison: Comparison }) {
  const t = useTranslations('runCompare');
  const { figure, signed, interval, metric, count } = useFigures();
  const info = infoOf(comparison);
  return (
    <Framed title={t('metrics.title')}>
      <thead>
        <tr className="border-line text-muted border-b text-xs">
          {(['metric', 'first', 'second', 'difference', 'test', 'changes', 'verdict'] as const).map(
            (name) => (
              <th key={name} scope="col" className={head}>
                {t(`metrics.${name}`)}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {comparison.metrics.map((row) => {
          const how = info(row.metric);
          return (
            <tr key={row.metric} className="border-line border-b last:border-0">
              <th scope="row" className={cn(cell, 'font-medium')}>
                {metric(row.metric)}
              </th>
              <td className={cell}>{figure(row.first, how)}</td>
              <td className={cell}>{figure(row.second, how)}</td>
              <td className={cn(cell, 'font-medium')}>{signed(row.difference, how)}</td>
              <td className={cn(cell, 'text-muted text-xs whitespace-nowrap')}>
                {t(`tests.${row.test === 'mcnemar' ? 'mcnemar' : 'bootstrap'}`)}
                <span className="block">
                  {[row.p !== null && pText(row.p), row.interval && interval(row.interval, how)]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </td>
              <td className={cn(cell, 'whitespace-nowrap')}>
                +{count(row.gained)} / −{count(row.lost)}
              </td>
              <td className={cell}>
                <VerdictWord verdict={row.verdict} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </Framed>
  );
}

function VerdictWord({ verdict }: { verdict: 'better' | 'worse' | 'tie' }) {
  const t = useTranslations('runCompare');
  return (
    <span
      className={cn(
        'inline-flex h-6 items-center rounded-full px-2.5 text-xs font-medium whitespace-nowrap',
        verdict === 'better' && 'bg-accent-soft text-accent',
        verdict === 'worse' && 'bg-danger-soft text-danger',
        verdict === 'tie' && 'bg-sunken text-ink',
      )}
    >
      {t(`verdicts.${verdict}`)}
    </span>
  );
}

interface GroupTableProps {
  comparison: Comparison;
  metric: string | null;
  onGroup: (group: string, which: Which) => void;
}

/** The figures of each category; a category opens the items that it lost or gained. */
export function GroupTable({ comparison, metric: chosen, onGroup }: GroupTableProps) {
  const t = useTranslations('runCompare');
  const { figure, signed, metric, group, count } = useFigures();
  const info = infoOf(comparison);
  const rows = comparison.groups.filter((row) => row.metric === chosen || comparison.metrics.length < 2);
  if (chosen === null || rows.length === 0) return null;
  return (
    <Framed title={t('groups.title', { metric: metric(chosen) })}>
      <thead>
        <tr className="border-line text-muted border-b text-xs">
          {(['group', 'first', 'second', 'difference', 'n'] as const).map((name) => (
            <th key={name} scope="col" className={head}>
              {t(`groups.${name}`)}
            </th>
          ))}
          <th scope="col" className={head}>
            <span className="sr-only">{t('groups.open')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const how = info(row.metric);
          const difference = row.second - row.first;
          const name = group(row.group);
          return (
            <tr key={row.group} className="border-line border-b last:border-0">
              <th scope="row" className={cn(cell, 'font-medium')}>
                {name}
              </th>
              <td className={cell}>{figure(row.first, how)}</td>
              <td className={cell}>{figure(row.second, how)}</td>
              <td className={cn(cell, 'font-medium')}>{signed(difference, how)}</td>
              <td className={cn(cell, 'text-muted')}>{count(row.n)}</td>
              <td className={cn(cell, 'space-x-3 text-right whitespace-nowrap')}>
                {(['gained', 'lost'] as const).map((which) => (
                  <button
                    key={which}
                    type="button"
                    aria-label={t(`groups.${which}Of`, { group: name })}
                    onClick={() => onGroup(row.group, which)}
                    className="text-accent rounded hover:underline"
                  >
                    {t(`which.${which}`)}
                  </button>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </Framed>
  );
}

function Framed({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-2.5 text-base font-semibold tracking-tight">{title}</h3>
      <div
        className="border-line bg-surface overflow-x-auto rounded-xl border"
        tabIndex={0}
        role="group"
        aria-label={title}
      >
        <table className="w-full border-collapse text-left text-sm tabular-nums">
          <caption className="sr-only">{title}</caption>
          {children}
        </table>
      </div>
    </section>
  );
}
