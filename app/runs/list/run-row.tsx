import { useTranslations } from 'next-intl';
import { modelOf } from '../../../server/evaluation/runs/run-differences';
import type { RunRow } from '@/server/evaluation/runs/schema';
import { useMe } from '../../_ui/current-user';
import { PageLink } from '../../_ui/page-link';
import { Ago } from '../shared/ago';
import { useIncomplete } from '../shared/incomplete';
import { Headline } from '../shared/headline';
import { ProgressBar } from '../shared/progress-bar';
import { StateBadge } from '../shared/state-badge';
import { useFigures } from '../shared/use-figures';
import { VisibilityBadge } from '../shared/visibility-badge';

/** Heights of a row in CSS pixels, where columns fit and where they do not. */
export const rowHeights = { wide: 72, narrow: 184 };

/** The columns of the list where they fit. */
export const columnsStyle =
  'lg:grid lg:grid-cols-[2.5rem_minmax(10rem,1.25fr)_minmax(8rem,1.25fr)_minmax(9rem,1fr)_minmax(11rem,1.1fr)_8rem] lg:items-center lg:gap-x-4';

interface RunRowProps {
  run: RunRow;
  /** Chosen to be compared; null where it cannot be. */
  chosen: boolean | null;
  onChoose: (chosen: boolean) => void;
}

/** One run of the list. Its name is the link; the whole row can be pressed. */
export function RunRowView({ run, chosen, onChoose }: RunRowProps) {
  const t = useTranslations('runs');
  const { count } = useFigures();
  const incomplete = useIncomplete();
  const { id, model, benchmark, state, done, expected, failed } = run;
  const name = run.name ?? modelOf(run);
  const me = useMe();
  const moving = state === 'running' || state === 'paused';
  return (
    <>
      <span role="cell" className="relative z-10 max-lg:absolute max-lg:top-2 max-lg:right-2">
        <label className="flex size-10 cursor-pointer items-center justify-center rounded-lg has-disabled:cursor-default has-disabled:opacity-40">
          <input
            type="checkbox"
            className="accent-accent size-4"
            checked={chosen === true}
            disabled={chosen === null}
            onChange={(event) => onChoose(event.target.checked)}
            aria-label={t('list.choose', { model: name, benchmark: benchmark.title })}
          />
        </label>
      </span>
      <span role="cell" className="block min-w-0 max-lg:pr-12">
        <PageLink
          href={`/runs/${id}`}
          className="block truncate font-medium after:absolute after:inset-0 after:rounded-xl after:content-['']"
        >
          {name}
        </PageLink>
        <span className="text-muted block truncate text-xs leading-5">
          {me && (
            <>
              <VisibilityBadge visibility={run.visibility} /> ·{' '}
            </>
          )}
          {run.name ? modelOf(run) : t(`modelKinds.${model.kind}`)}
          {run.recorded && <> · {t('recorded')}</>}
        </span>
      </span>
      <span role="cell" className="block min-w-0 text-sm">
        <span className="block truncate">{benchmark.title}</span>
        <Chosen run={run} />
      </span>
      <span role="cell" className="block min-w-0 max-lg:mt-1.5">
        <Headline run={run} />
      </span>
      <span role="cell" className="block min-w-0 max-lg:mt-1.5 max-lg:max-w-80">
        <span className="flex items-center gap-2">
          <StateBadge state={run.preparing && state === 'running' ? 'preparing' : state} />
          <span className="text-muted truncate text-xs tabular-nums">
            {run.preparing
              ? ''
              : moving || state === 'cancelled'
                ? t('list.progress', { done: count(done), expected: count(expected) })
                : run.incomplete
                  ? incomplete(run)
                  : t('list.samples', { count: expected })}
          </span>
        </span>
        {moving && (
          <ProgressBar
            className="mt-2"
            label={t('list.progressOf', { model: name })}
            {...{ done, expected, failed }}
          />
        )}
      </span>
      <span
        role="cell"
        className="text-muted block text-right text-xs leading-5 max-lg:absolute max-lg:right-4 max-lg:bottom-3"
      >
        <Ago date={run.createdAt} />
        {run.startedBy && <span className="block truncate max-lg:hidden">{run.startedBy}</span>}
      </span>
    </>
  );
}

/** What tells it from other runs of the model on the benchmark. */
function Chosen({ run: { chosen, benchmark, tags } }: { run: RunRow }) {
  const t = useTranslations('runs');
  const words = Object.entries(chosen).map(([name, value]) => {
    const [label, choice] = [`settings.${name}`, `choices.${name}.${value}`] as [
      'settings.seed',
      'choices.decoder.editing',
    ];
    return `${t.has(label) ? t(label) : name}: ${t.has(choice) ? t(choice) : value}`;
  });
  const all = [
    ...(benchmark.synthetic ? [t('synthetic')] : []),
    ...words,
    ...tags.map((tag) => `#${tag}`),
  ].join(' · ');
  return (
    all && (
      <span className="text-muted block truncate text-xs leading-5" title={all}>
        {all}
      </span>
    )
  );
}
