'use client';

import { GitCompareArrows, Plus, X } from 'lucide-react';
import { lazyPart } from '../../_ui/lazy-part';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useCallback, useState } from 'react';
import { atLeast } from '@/server/accounts/schema';
import { visibilities, type Visibility } from '@/server/evaluation/labels';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { Button, buttonStyle, IconButton } from '../../_ui/button';
import { useMe } from '../../_ui/current-user';
import { PageLink } from '../../_ui/page-link';
import { Select } from '../../_ui/select';
import { PageFrame } from '../../_ui/page-frame';
import { useOnceOpen } from '../../_ui/use-once-open';
import { Failure } from '../../_ui/failure';
import { Nothing, Skeleton } from '../shared/notice';
import { SearchField } from '../../_ui/search-field';
import { useRunNames } from '../shared/run-names';
import { useRestingInput } from '../shared/use-resting-input';
import { RunsTable } from './runs-table';
import { listParsers, runStates } from './url-state';
import { useRuns } from './use-runs';

const StartDialog = lazyPart(() => import('../start/start-dialog').then((m) => m.StartDialog));

/** The page of all runs. */
export function RunsList() {
  const t = useTranslations('runs');
  const router = useRouter();
  const me = useMe();
  const [url, setUrl] = useQueryStates(listParsers);
  const [typed, setTyped] = useRestingInput(url.q ?? '', (q) => void setUrl({ q: q || null }));
  const [chosen, setChosen] = useState<RunRow[]>([]);
  const [starting, setStarting] = useState(false);
  const startWanted = useOnceOpen(starting);
  const names = useRunNames()(chosen);
  const found = useRuns(url);
  const { rows, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = found;
  const mayStart = me !== null && atLeast(me.role, 'reviewer');
  const filtered = Object.values(url).some((value) => value !== null);

  const onNearEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const choose = (run: RunRow, yes: boolean) =>
    setChosen((now) => (yes ? [...now, run].slice(0, 2) : now.filter(({ id }) => id !== run.id)));
  const benchmarks = new Map<string, string>();
  for (const { benchmark } of rows) benchmarks.set(benchmark.name, benchmark.title);
  if (url.benchmark && !benchmarks.has(url.benchmark)) benchmarks.set(url.benchmark, url.benchmark);
  const start = mayStart && (
    <Button variant="primary" onClick={() => setStarting(true)}>
      <Plus aria-hidden /> {t('start.open')}
    </Button>
  );
  return (
    <PageFrame
      className="max-w-6xl flex-1 px-3 pt-6 pb-28 sm:px-5"
      overlays={
        <>
          {chosen.length > 0 && (
            <div
              role="region"
              aria-label={t('list.compare')}
              className="border-line bg-surface fixed inset-x-0 bottom-0 z-20 border-t px-3 py-2.5 shadow-[0_-4px_16px_rgb(0_0_0/0.08)]"
            >
              <div className="mx-auto flex max-w-6xl items-center gap-3">
                <p role="status" className="line-clamp-3 min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">
                  {chosen[1]
                    ? t('list.chosenTwo', { first: names[0]!.whole, second: names[1]!.whole })
                    : t('list.chosenOne', { first: names[0]!.whole })}
                </p>
                {chosen[1] ? (
                  <PageLink
                    href={`/runs/compare?first=${chosen[0]!.id}&second=${chosen[1].id}`}
                    className={buttonStyle({ variant: 'primary' })}
                  >
                    <GitCompareArrows aria-hidden /> {t('list.compareNow')}
                  </PageLink>
                ) : null}
                <IconButton label={t('list.chooseNone')} className="tip-end" onClick={() => setChosen([])}>
                  <X aria-hidden />
                </IconButton>
              </div>
            </div>
          )}
          {startWanted && (
            <StartDialog
              open={starting}
              onOpenChange={setStarting}
              onStarted={(id) => router.push(`/runs/${id}`)}
            />
          )}
        </>
      }
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-2xl font-semibold tracking-tight">{t('title')}</h2>
          <p className="text-muted mt-1 max-w-prose text-sm leading-6 text-pretty">
            {t(me ? 'intro' : 'introPublic')}
          </p>
        </div>
        {start}
      </div>
      <div role="search" aria-label={t('filters')} className="mt-5 flex flex-wrap items-center gap-2">
        <SearchField label={t('list.search')} value={typed} onChange={setTyped} className="w-full sm:w-64" />
        <Select
          label={t('list.columns.benchmark')}
          value={url.benchmark ?? any}
          options={[
            { value: any, label: t('list.anyBenchmark') },
            ...[...benchmarks].map(([value, label]) => ({ value, label })),
          ]}
          onChange={(value) => void setUrl({ benchmark: value === any ? null : value })}
          className="max-w-56 min-w-0 flex-1 sm:flex-none"
        />
        <Select
          label={t('list.columns.state')}
          value={url.state ?? any}
          options={[
            { value: any, label: t('list.anyState') },
            ...runStates.map((value) => ({ value, label: t(`states.${value}`) })),
          ]}
          onChange={(value) =>
            void setUrl({ state: value === any ? null : (value as (typeof runStates)[number]) })
          }
          className="min-w-0 flex-1 sm:flex-none"
        />
        {me && (
          <Select
            label={t('visibility.label')}
            value={url.visibility ?? any}
            options={[
              { value: any, label: t('visibility.any') },
              ...visibilities.map((value) => ({ value, label: t(`visibility.${value}`) })),
            ]}
            onChange={(value) => void setUrl({ visibility: value === any ? null : (value as Visibility) })}
            className="min-w-0 flex-1 sm:flex-none"
          />
        )}
        {url.tag !== null && (
          <Button
            size="small"
            className="max-w-56"
            aria-label={t('list.withoutTag', { tag: url.tag })}
            onClick={() => void setUrl({ tag: null })}
          >
            <span className="truncate">{url.tag}</span> <X aria-hidden />
          </Button>
        )}
        {filtered && (
          <Button size="small" variant="ghost" onClick={() => void setUrl(null)}>
            {t('resetFilters')}
          </Button>
        )}
      </div>
      <div className="mt-4" aria-busy={found.isFetching}>
        {found.isError && rows.length === 0 ? (
          <Failure error={found.error} onRetry={() => void found.refetch()} />
        ) : found.isPending ? (
          <div role="status" aria-label={t('loading')} className="space-y-2">
            {Array.from({ length: 8 }, (_, i) => (
              <Skeleton key={i} className="h-16 rounded-xl" />
            ))}
          </div>
        ) : rows.length === 0 ? (
          <Nothing title={t(filtered ? 'list.nothing' : 'list.empty')} action={filtered ? undefined : start}>
            {t(filtered ? 'list.nothingHint' : mayStart ? 'list.emptyHint' : 'list.emptyPublic')}
          </Nothing>
        ) : (
          <RunsTable rows={rows} chosen={chosen} onChoose={choose} onNearEnd={onNearEnd} />
        )}
        {found.isFetching && found.failureCount > 0 && (
          <p role="status" className="text-muted mt-3 text-sm">
            {t('reconnecting')}
          </p>
        )}
        {isFetchNextPageError && <Failure error={found.error} onRetry={() => void fetchNextPage()} />}
      </div>
      <p role="status" className="sr-only">
        {found.isPending ? '' : t('list.shown', { count: rows.length, more: hasNextPage ? 'yes' : 'no' })}
      </p>
    </PageFrame>
  );
}

/** Radix takes no empty value for a choice. */
const any = ' ';
