'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import { ArrowLeftRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import type { Comparison } from '@/server/evaluation/runs/schema';
import { Button } from '../../_ui/button';
import { PageFrame } from '../../_ui/page-frame';
import { useTRPC } from '../../_trpc/client';
import { isGone } from '../../_trpc/is-gone';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { useRunNames } from '../shared/run-names';
import { RunPicker } from '../shared/run-picker';
import { Differences } from './differences';
import { Pairs } from './pairs';
import { BackToRuns } from '../shared/back-to-runs';
import { GroupTable, MetricTable } from './tables';
import { compareParsers, metricOf, swapped } from './url-state';
import { Verdict } from './verdict';

/** Two runs of one benchmark, sample by sample. */
export function ComparePage() {
  const t = useTranslations('runCompare');
  const runs = useTranslations('runs');
  const trpc = useTRPC();
  const [url, setUrl] = useQueryStates(compareParsers);
  const { first, second } = url;
  const same = first !== null && first === second;
  const one = useQuery(trpc.runs.get.queryOptions(first ? { id: first } : skipToken));
  const two = useQuery(trpc.runs.get.queryOptions(second ? { id: second } : skipToken));
  const compared = useQuery(
    trpc.runs.compare.queryOptions(first && second && !same ? { first, second } : skipToken, {
      staleTime: 30_000,
    }),
  );
  const gone = isGone(one.error) || isGone(two.error) || isGone(compared.error);
  const benchmark = (one.data ?? two.data)?.benchmark.name ?? null;
  const names = useRunNames()([one.data, two.data].filter((run) => run !== undefined));
  const nameOf = (run: typeof one.data) =>
    run === undefined ? null : (names[run === one.data ? 0 : names.length - 1] ?? null);
  const choose = (side: 'first' | 'second') => (id: string) =>
    void setUrl({ [side]: id, pair: null, group: null }, { history: 'push' });
  return (
    <PageFrame className="max-w-6xl flex-1 px-3 pt-4 pb-20 sm:px-5">
      <BackToRuns />
      <h2 className="mt-2 text-2xl font-semibold tracking-tight">{t('title')}</h2>
      <div className="mt-4 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <RunPicker
            label={t('first')}
            value={first}
            name={nameOf(one.data)}
            benchmark={two.data?.benchmark.name ?? null}
            without={second}
            onChoose={choose('first')}
          />
        </div>
        <Button
          className="h-13 max-sm:w-full"
          aria-disabled={!first && !second}
          onClick={() => void setUrl(swapped(url), { history: 'push' })}
        >
          <ArrowLeftRight aria-hidden /> {t('swap')}
        </Button>
        <div className="min-w-0 flex-1 basis-64">
          <RunPicker
            label={t('second')}
            value={second}
            name={nameOf(two.data)}
            benchmark={one.data?.benchmark.name ?? benchmark}
            without={first}
            onChoose={choose('second')}
          />
        </div>
      </div>
      <div className="mt-6">
        {gone ? (
          <Nothing title={t('gone')}>{t('goneHint')}</Nothing>
        ) : same ? (
          <Nothing title={t('same')}>{t('sameHint')}</Nothing>
        ) : !first || !second ? (
          <Nothing title={t('empty')}>{t('emptyHint')}</Nothing>
        ) : compared.data ? (
          <Compared key={`${first} ${second}`} comparison={compared.data} {...{ url, setUrl }} />
        ) : compared.isError ? (
          <Failure error={compared.error} onRetry={() => void compared.refetch()} />
        ) : (
          <div role="status" aria-label={runs('loading')} className="space-y-4">
            <Skeleton className="h-28 rounded-xl" />
            <Skeleton className="h-48 rounded-xl" />
          </div>
        )}
      </div>
    </PageFrame>
  );
}

type UrlState = ReturnType<typeof useQueryStates<typeof compareParsers>>;

interface ComparedProps {
  comparison: Comparison;
  url: UrlState[0];
  setUrl: UrlState[1];
}

function Compared({ comparison, url, setUrl }: ComparedProps) {
  const metric = metricOf(url.metric, comparison.metrics);
  return (
    <div className="space-y-7">
      <Verdict comparison={comparison} />
      <Differences differences={comparison.differences} />
      <MetricTable comparison={comparison} />
      <GroupTable
        comparison={comparison}
        metric={metric}
        onGroup={(group, which) => void setUrl({ group: [group], which }, { history: 'push' })}
      />
      {metric !== null && (
        <Pairs
          comparison={comparison}
          metric={metric}
          url={url}
          onChange={(change) => void setUrl(change)}
          onPair={(pair) => void setUrl({ pair })}
        />
      )}
    </div>
  );
}
