'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { Tabs } from 'radix-ui';
import { useQueryStates } from 'nuqs';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunDetail } from '@/server/evaluation/runs/schema';
import { PageFrame } from '../../_ui/page-frame';
import { toast } from '../../_ui/toaster';
import { lazyPart } from '../../_ui/lazy-part';
import { MayBeUndrawn } from '../../_ui/stored-image';
import { SampleBrowser } from '../samples/sample-browser';
import { useSamples } from '../samples/use-samples';
import { filterOf, noFilter, runParsers, viewOf, views } from '../samples/url-state';
import { Failure } from '../../_ui/failure';
import { Skeleton } from '../shared/notice';
import { useFigures } from '../shared/use-figures';
import { Overview } from './overview';
import { RunHeader } from './run-header';
import { RunProgressView } from './run-progress';
import { ShowSamples } from './samples-link';
import { hasEnded, useFollow } from './use-follow';
import { useRefreshRun, useRun, useRunActions } from './use-run';
import { buttonStyle } from '../../_ui/button';
import { PageLink } from '../../_ui/page-link';

const SampleDialog = lazyPart(() => import('../sample/sample-dialog').then((m) => m.SampleDialog));
const SweepView = dynamic(() => import('../sweep/sweep-view').then((m) => m.SweepView), {
  ssr: false,
  loading: () => <Skeleton className="h-96 rounded-xl" />,
});

/** The page of one run. */
export function RunPage({ id }: { id: string }) {
  const t = useTranslations('runs');
  const { run, gone, isError, error, refetch } = useRun(id);
  return (
    <PageFrame className="flex-1 pb-20">
      {gone ? (
        <RunGone />
      ) : run ? (
        <Shown run={run} />
      ) : isError ? (
        <div className="mx-auto max-w-6xl px-3 pt-6 sm:px-5">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      ) : (
        <div
          role="status"
          aria-label={t('loading')}
          className="mx-auto max-w-6xl space-y-4 px-3 pt-6 sm:px-5"
        >
          <Skeleton className="h-40 rounded-xl" />
          <Skeleton className="h-24 rounded-xl" />
          <Skeleton className="h-72 rounded-xl" />
        </div>
      )}
    </PageFrame>
  );
}

function Shown({ run: stored }: { run: RunDetail }) {
  const t = useTranslations('runs');
  const router = useRouter();
  const { count } = useFigures();
  const { id } = stored;
  const [url, setUrl] = useQueryStates(runParsers);
  const refresh = useRefreshRun(id);
  const { progress, broken } = useFollow({
    ...{ id, state: stored.state, preparing: stored.preparing },
    onChange: refresh,
  });
  // One way to count: whatever the page tells of a run that goes on is of the same moment.
  const run = useMemo(
    () =>
      progress && !hasEnded(stored.state)
        ? { ...stored, counts: progress.counts, headline: progress.headline ?? stored.headline }
        : stored,
    [progress, stored],
  );
  const { act, pending } = useRunActions(id, {
    refresh,
    removed: () => {
      toast.success(t('removed'));
      router.push('/runs');
    },
  });
  const filter = useMemo(() => filterOf(url, run), [url, run]);
  const state = progress?.state ?? run.state;
  const asked = viewOf(url);
  const view = asked === 'thresholds' && !run.sweep ? 'overview' : asked;
  const samples = useSamples(id, filter, {
    enabled: view === 'samples' || url.sample !== null,
    onGone: refresh,
  });
  // Whoever sees samples opens one: its dialog is on its way before.
  const seesSamples = samples.items.length > 0;
  useEffect(() => {
    if (!seesSamples) return;
    const timer = setTimeout(SampleDialog.preload, 300);
    return () => clearTimeout(timer);
  }, [seesSamples]);
  /** The sample that was looked at last: the grid goes on from there. */
  const [left, setLeft] = useState<string | null>(null);

  const showSamples = useCallback(
    (filters: object) => {
      void setUrl({ ...noFilter, ...asUrl(filters), view: 'samples' }, { history: 'push' });
      window.scrollTo({ top: 0 });
    },
    [setUrl],
  );
  const openSample = useCallback(
    (sample: string | null) => {
      setLeft(null);
      void setUrl({ sample });
    },
    [setUrl],
  );
  const done = progress ? progress.counts.expected - progress.counts.missing : run.done;
  return (
    <MayBeUndrawn value={run.recorded}>
      <ShowSamples value={showSamples}>
        <RunHeader run={run} filter={filter} state={state} pending={pending} act={act} onChanged={refresh} />
        <Tabs.Root
          value={view}
          onValueChange={(next) => void setUrl({ view: next as (typeof views)[number] }, { history: 'push' })}
        >
          <div className="border-line bg-surface border-b">
            <Tabs.List
              aria-label={t('views.title')}
              className="mx-auto flex max-w-6xl [scrollbar-width:none] gap-1 overflow-x-auto px-3 sm:px-5"
            >
              {views
                .filter((name) => name !== 'thresholds' || run.sweep)
                .map((name) => (
                  <Tabs.Trigger
                    key={name}
                    value={name}
                    className="text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink flex h-11 items-center gap-2 border-b-2 border-transparent px-2.5 text-sm font-medium whitespace-nowrap outline-offset-[-3px]"
                  >
                    {t(`views.${name}`)}
                    {name === 'samples' && (
                      <span className="text-muted text-xs font-normal tabular-nums">{count(done)}</span>
                    )}
                  </Tabs.Trigger>
                ))}
            </Tabs.List>
          </div>
          <div className="mx-auto max-w-6xl px-3 pt-5 sm:px-5">
            {!hasEnded(state) && <RunProgressView run={run} progress={progress} broken={broken} />}
            {(progress?.reason ?? run.reason) && (
              <p className="border-danger/40 bg-danger-soft mb-5 rounded-xl border px-4 py-3 text-sm leading-6 break-words">
                <span className="font-medium">{t(state === 'paused' ? 'why.paused' : 'why.failed')}</span>{' '}
                {progress?.reason ?? run.reason}
              </p>
            )}
            <Tabs.Content value="overview" className="outline-none">
              <Overview run={run} />
            </Tabs.Content>
            <Tabs.Content value="samples" className="outline-none">
              <SampleBrowser
                run={run}
                url={url}
                filter={filter}
                samples={samples}
                stamp={`${state} ${done} ${(progress?.counts ?? run.counts).scored}`}
                // Without any filter the address would speak of the run as a whole.
                onFilter={(change) => void setUrl({ ...change, view: 'samples' })}
                onOpen={openSample}
                focusId={left}
              />
            </Tabs.Content>
            {run.sweep && (
              <Tabs.Content value="thresholds" className="outline-none">
                <SweepView
                  run={run}
                  threshold={url.threshold}
                  onThreshold={(threshold) => void setUrl({ threshold })}
                  onOpen={openSample}
                  focusId={left}
                />
              </Tabs.Content>
            )}
          </div>
        </Tabs.Root>
        {url.sample && (
          <SampleDialog
            run={run}
            id={url.sample}
            samples={samples}
            onGo={openSample}
            onGone={refresh}
            onClose={() => {
              const last = url.sample;
              openSample(null);
              setLeft(last);
            }}
          />
        )}
      </ShowSamples>
    </MayBeUndrawn>
  );
}

/** Filters as the address keeps them: a group is a list of one. */
function asUrl(filters: object) {
  const { group, ...rest } = filters as { group?: string };
  return { ...rest, ...(group !== undefined && { group: [group] }) };
}

/** The run was removed while its page was open. */
function RunGone() {
  const t = useTranslations('runs');
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-24 text-center">
      <h2 className="text-xl font-semibold tracking-tight">{t('gone.title')}</h2>
      <p className="text-muted max-w-md text-sm leading-6 text-pretty">{t('gone.text')}</p>
      <PageLink href="/runs" className={buttonStyle({ variant: 'primary', className: 'mt-2' })}>
        {t('gone.action')}
      </PageLink>
    </div>
  );
}
