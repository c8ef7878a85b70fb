'use client';

import { useTranslations } from 'next-intl';
import { useQueryStates } from 'nuqs';
import { useEffect, useMemo } from 'react';
import type { Leaderboard } from '@/server/evaluation/leaderboard/schema';
import { arrange, shownColumns } from '@/server/evaluation/leaderboard/view';
import { useRouter } from 'next/navigation';
import { Frame } from '../_parts/frame';
import type { Tab } from '../_parts/tabs';
import { tableParams } from '../url';
import { mostCharted } from '../_parts/series';
import { ComingLine, lazyPart } from '../../_ui/lazy-part';
import { NoMatch, NothingHere, Unreachable } from './empty';
import { ScoreTable } from './score-table';
import { Toolbar } from './toolbar';

const ChartPanel = lazyPart(() => import('./charts/panel').then((module) => module.ChartPanel), ComingLine);

interface TablePageProps {
  benchmark: string;
  /** As the server read it; null where it could not. The server makes it anew at each look, so it is kept nowhere else. */
  first: Leaderboard | null;
  tabs: readonly Tab[];
}

export function TablePage({ benchmark, first, tabs }: TablePageProps) {
  const t = useTranslations('leaderboard');
  useFreshWhile(first?.boards.some(({ test }) => test !== null && test.pending > 0) ?? false);
  const known = tabs.find(({ name }) => name === benchmark);
  const info = first?.benchmark;
  return (
    <Frame
      tabs={tabs}
      current={benchmark}
      intro={t('tableIntro')}
      title={
        <>
          {info?.title ?? known?.title ?? benchmark}
          {info && <span className="text-muted text-sm font-normal">{t(`task.${info.task}`)}</span>}
          {info?.synthetic && (
            <span className="text-muted text-sm font-normal" title={t('syntheticHint')}>
              {t('synthetic')}
            </span>
          )}
        </>
      }
    >
      {first ? <Content table={first} /> : <Unreachable />}
    </Frame>
  );
}

function Content({ table }: { table: Leaderboard }) {
  const [view, setView] = useQueryStates(tableParams, { history: 'replace' });
  const sections = useMemo(() => arrange(table, view), [table, view]);
  const columns = useMemo(() => shownColumns(table, view), [table, view]);
  const charted = useMemo(() => {
    const all = sections.flatMap(({ rows }) => rows);
    const chosen = view.rows?.flatMap((id) => all.find((row) => row.id === id) ?? []) ?? [];
    return (view.rows ? chosen : all.slice(0, 4)).slice(0, mostCharted);
  }, [sections, view.rows]);
  if (table.rows.length === 0) return <NothingHere />;
  const count = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  return (
    <>
      <Toolbar table={table} view={view} setView={setView} columns={columns} count={count} />
      {view.chart && (
        <ChartPanel
          table={table}
          chart={view.chart}
          rows={charted}
          all={sections.flatMap(({ rows }) => rows)}
          onChart={(chart) => void setView({ chart })}
        />
      )}
      {count === 0 ? (
        <NoMatch
          onReset={() => void setView({ q: '', kind: null, board: null, complete: false, limit: null })}
        />
      ) : (
        <ScoreTable
          table={table}
          sections={sections}
          columns={columns}
          view={view}
          setSort={(sort) => void setView({ sort })}
          chosen={view.chart && view.chart !== 'latency' ? charted.map(({ id }) => id) : null}
          setChosen={(rows) => void setView({ rows })}
        />
      )}
    </>
  );
}

/** How often to look whether what is being computed is done. */
const lookAgainMs = 4000;

/** Asks the server for the page anew, again and again, while something is on its way and the page is looked at. */
function useFreshWhile(pending: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [pending, router]);
}
