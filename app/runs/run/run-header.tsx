import { Trophy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { RunDetail, RunState, SampleFilter } from '@/server/evaluation/runs/schema';
import { modelOf } from '../../../server/evaluation/runs/run-differences';
import { useMe } from '../../_ui/current-user';
import { PageLink } from '../../_ui/page-link';
import { BackToRuns } from '../shared/back-to-runs';
import { Ago } from '../shared/ago';
import { useIncomplete } from '../shared/incomplete';
import { Headline } from '../shared/headline';
import { StateBadge } from '../shared/state-badge';
import { useFigures } from '../shared/use-figures';
import { VisibilityBadge } from '../shared/visibility-badge';
import { RunControls } from './run-controls';
import type { RunAction } from './use-run';
import { listHref } from '../list/url-state';

interface RunHeaderProps {
  run: RunDetail;
  filter: SampleFilter;
  state: RunState;
  pending: RunAction | null;
  act: (action: RunAction) => void;
  onChanged: () => void;
}

const underway = { pause: 'pausing', resume: 'resuming', cancel: 'cancelling', remove: null } as const;

/** Which run it is, how it stands, its main figure, and what can be done with it. */
export function RunHeader({ run, filter, state, pending, act, onChanged }: RunHeaderProps) {
  const t = useTranslations('runs');
  const me = useMe();
  const { moment } = useFigures();
  const incompleteWords = useIncomplete();
  const { model, benchmark, recorded, incomplete, startedBy, createdAt, sourceId } = run;
  const shown =
    (pending && underway[pending]) ?? (run.preparing && state === 'running' ? 'preparing' : state);
  return (
    <header className="border-line bg-surface border-b">
      <div className="mx-auto max-w-6xl px-3 pt-4 pb-4 sm:px-5">
        <BackToRuns />
        <div className="mt-2 flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
          <div className="min-w-0 flex-1 basis-80">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
              <h2 className="min-w-0 text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
                {run.name ?? t('run.title', { model: modelOf(run), benchmark: benchmark.title })}
              </h2>
              <span role="status">
                <StateBadge state={shown} />
              </span>
            </div>
            <p className="text-muted mt-1.5 flex flex-wrap gap-x-2 text-sm leading-6">
              {run.name ? (
                <>
                  <span>{t('run.title', { model: modelOf(run), benchmark: benchmark.title })}</span>
                  <Dot>{t(`modelKinds.${model.kind}`)}</Dot>
                </>
              ) : (
                <span>{t(`modelKinds.${model.kind}`)}</span>
              )}
              {benchmark.synthetic && <Dot>{t('synthetic')}</Dot>}
              {recorded && <Dot>{t('recorded')}</Dot>}
              {incomplete && <Dot>{incompleteWords(run)}</Dot>}
              <Dot>
                <span title={moment(createdAt)}>
                  <Ago date={createdAt} />
                </span>
              </Dot>
              {startedBy && <Dot>{t('run.by', { name: startedBy })}</Dot>}
              {me && (
                <Dot>
                  <VisibilityBadge visibility={run.visibility} />
                </Dot>
              )}
            </p>
            <Tags tags={run.tags} className="mt-1.5 flex flex-wrap gap-1.5" />
            {run.note && (
              <p className="mt-1.5 max-w-prose text-sm leading-6 [overflow-wrap:anywhere] whitespace-pre-line">
                {run.note}
              </p>
            )}
            <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm">
              <PageLink
                href={`/leaderboard/${encodeURIComponent(benchmark.name)}`}
                className="text-accent inline-flex items-center gap-1.5 rounded hover:underline"
              >
                <Trophy aria-hidden className="size-3.5" />{' '}
                {t('run.leaderboard', { benchmark: benchmark.title })}
              </PageLink>
              {sourceId && (
                <PageLink href={`/runs/${sourceId}`} className="text-accent rounded hover:underline">
                  {t('run.source')}
                </PageLink>
              )}
            </p>
          </div>
          <div className="min-w-36">
            <Headline run={run} large />
          </div>
        </div>
        <RunControls
          run={run}
          filter={filter}
          state={state}
          pending={pending}
          act={act}
          onChanged={onChanged}
        />
      </div>
    </header>
  );
}

function Dot({ children }: { children: React.ReactNode }) {
  return (
    <span>
      <span aria-hidden className="mr-2">
        ·
      </span>
      {children}
    </span>
  );
}

const style = 'bg-sunken text-ink inline-flex h-5 max-w-48 items-center rounded-full px-2 text-xs leading-5';

/** The tags of a run; each leads to the runs that have it too. */
function Tags({ tags, className }: { tags: readonly string[]; className?: string }) {
  const t = useTranslations('runs');
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t('labels.tags')} className={className}>
      {tags.map((tag) => (
        <li key={tag} className="min-w-0">
          <PageLink href={`/runs${listHref({ tag })}`} className={`${style} hover:bg-line`} title={tag}>
            <span className="truncate">{tag}</span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
