import { useTranslations } from 'next-intl';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { useFigures } from '../shared/use-figures';
import { SamplesLink } from './samples-link';

/** What the filter of a reason may be long. */
const longestReason = 200;

/** Why samples have no figure, each reason with its samples, and what of the data set could not be used. */
export function Problems({ run }: { run: RunDetail }) {
  const t = useTranslations('runs');
  const { count } = useFigures();
  const { problems, dataProblems } = run;
  return (
    <>
      {problems.length > 0 && (
        <ul className="border-line bg-surface divide-line divide-y rounded-xl border text-sm">
          {problems.map(({ reason, n }) => (
            <li key={reason} className="flex items-start gap-3 px-4 py-2.5">
              <span className="min-w-0 flex-1 leading-6 break-words">{reason}</span>
              <SamplesLink
                runId={run.id}
                filters={{ reason: reason.slice(0, longestReason) }}
                label={t('problems.openOf', { n, reason })}
                className="shrink-0 leading-6 tabular-nums"
              >
                {t('problems.open', { n: count(n) })}
              </SamplesLink>
            </li>
          ))}
        </ul>
      )}
      {dataProblems.length > 0 && (
        <details className="border-line bg-surface mt-2.5 rounded-xl border px-4 py-2.5 text-sm">
          <summary className="cursor-pointer rounded font-medium">
            {t('problems.data', { count: dataProblems.length })}
          </summary>
          <ul className="mt-2 space-y-1">
            {dataProblems.map(({ where, reason }, i) => (
              <li key={i} className="leading-6 break-words">
                <code className="text-muted font-mono text-xs">{where}</code> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
