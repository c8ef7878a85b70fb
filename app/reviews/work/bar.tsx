import { ChevronLeft, CloudOff, Check, LoaderCircle } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cn } from '../../_ui/cn';
import { PageLink } from '../../_ui/page-link';
import type { Work } from './session-types';

interface BarProps {
  queue: { id: string; name: string };
  work: Work;
}

/** Whose queue it is, how far one is in it, and whether everything is saved. */
export function Bar({ queue, work }: BarProps) {
  const t = useTranslations('reviewWork');
  const { done, left } = work;
  const known = done + left > 0;
  return (
    <div className="border-line bg-surface flex h-10 shrink-0 items-center gap-3 border-b px-3 text-[13px] sm:px-4">
      <PageLink
        href={`/reviews/${queue.id}`}
        className="text-muted hover:text-ink -ml-1 flex min-w-0 shrink items-center gap-0.5 rounded"
      >
        <ChevronLeft aria-hidden className="size-4 shrink-0" />
        <span className="sr-only">{t('backTo')}</span>
        <h2 className="truncate font-medium">{queue.name}</h2>
      </PageLink>
      <div className="ml-auto flex shrink-0 items-center gap-3 tabular-nums">
        <Saving work={work} />
        <Pace work={work} />
        <div
          role="progressbar"
          aria-label={t('progress')}
          aria-valuemin={0}
          aria-valuemax={Math.max(1, done + left)}
          aria-valuenow={done}
          aria-valuetext={t('progressText', { done, left })}
          className="bg-sunken h-1.5 w-28 overflow-hidden rounded-full max-md:hidden"
        >
          <div
            className="bg-accent h-full rounded-full transition-[width]"
            style={{ width: `${(100 * done) / Math.max(1, done + left)}%` }}
          />
        </div>
        <span className={cn('min-w-24 text-right sm:min-w-28', !known && 'invisible')}>
          {t('progressText', { done, left })}
        </span>
      </div>
    </div>
  );
}

/** How long an item takes of late, and what is left with it. Its place is kept. */
function Pace({ work: { pace, left } }: { work: Work }) {
  const t = useTranslations('reviewWork');
  const format = useFormatter();
  const minutes = pace === null ? 0 : (pace * left) / 60_000;
  return (
    <span className="text-muted min-w-44 text-right max-lg:hidden">
      {pace !== null &&
        t('pace', {
          seconds: format.number(pace / 1000, { maximumFractionDigits: pace < 10_000 ? 1 : 0 }),
          minutes: Math.max(1, Math.round(minutes)),
          left,
        })}
    </span>
  );
}

/** Read aloud by nobody on its own: what matters of it is announced elsewhere. */
function Saving({ work }: { work: Work }) {
  const t = useTranslations('reviewWork.saving');
  const { waiting, offline, drafting, done } = work;
  const [Icon, text] = offline
    ? [CloudOff, t('offline', { count: waiting })]
    : waiting > 0
      ? [LoaderCircle, t('now')]
      : drafting
        ? [LoaderCircle, t('draft')]
        : done > 0
          ? [Check, t('saved')]
          : [null, ''];
  return (
    <span
      data-saving={offline ? 'offline' : waiting > 0 ? 'saving' : 'saved'}
      className={cn(
        'flex min-w-6 items-center justify-end gap-1 sm:min-w-32',
        offline ? 'text-danger font-medium' : 'text-muted',
      )}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      <span className={cn(!offline && 'max-sm:sr-only')}>{text}</span>
    </span>
  );
}
