import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { questionId } from '../../../server/reviews/questions/rubric';
import type { QueueDetail } from '@/server/reviews/schema';
import { PageLink } from '../../_ui/page-link';
import { askedOf, viewOf } from '../_questions/views';
import { Moment } from '../../_ui/moment';
import { Assignees } from './assignees';

/** What the queue asks, of what, and of whom; folded away once one knows. */
export function AboutQueue({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.about');
  const { instructions, rubric, source, reviewers, items } = queue;
  return (
    <details className="group border-line bg-surface mt-4 rounded-xl border" open={queue.reviews === 0}>
      <summary className="flex cursor-pointer list-none items-center gap-1.5 rounded-xl px-4 py-2.5 text-sm font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="text-muted size-4 transition-transform group-open:rotate-90" />
        {t('title')}
        <span className="text-muted ml-auto truncate text-[13px] font-normal">
          {t('reviewers', { count: reviewers.length })}
        </span>
      </summary>
      <div className="border-line grid gap-x-8 gap-y-5 border-t p-4 md:grid-cols-3">
        <Part title={t('instructions')}>
          {instructions ? (
            <p className="text-sm leading-6 [overflow-wrap:anywhere] whitespace-pre-wrap">{instructions}</p>
          ) : (
            <p className="text-muted text-sm">{t('noInstructions')}</p>
          )}
          <p className="text-muted mt-3 text-[13px] leading-5">
            {t(`from.${source.from}`)}
            {source.runs.map((run) => (
              <span key={run.id} className="block">
                {run.removed ? (
                  t('runRemoved', { title: run.title })
                ) : (
                  <PageLink
                    href={`/runs/${run.id}`}
                    className="text-accent rounded underline-offset-2 hover:underline"
                  >
                    {run.title}
                  </PageLink>
                )}
              </span>
            ))}
          </p>
        </Part>
        <Part title={t('rubric')}>
          <RubricSummary rubric={rubric} />
        </Part>
        <Part title={t('people')}>
          <Assignees queue={queue} />
          {reviewers.length > 0 && (
            <ul aria-label={t('howFar')} className="mt-3 flex flex-col gap-1.5 text-[13px] leading-5">
              {reviewers.map(({ id, name, reviews, lastAt }) => (
                <li key={id} className="grid grid-cols-[minmax(0,1fr)_4.5rem_auto] items-center gap-2">
                  <span className="min-w-0">
                    <span className="block truncate">{name}</span>
                    {lastAt && (
                      <span className="text-muted block truncate text-xs">
                        <Moment at={lastAt} />
                      </span>
                    )}
                  </span>
                  <span aria-hidden className="bg-sunken h-1.5 overflow-hidden rounded-full">
                    <span
                      className="bg-accent block h-full rounded-full"
                      style={{ width: `${items > 0 ? Math.min(100, (reviews / items) * 100) : 0}%` }}
                    />
                  </span>
                  <span className="text-right tabular-nums">{t('reviewed', { count: reviews, items })}</span>
                </li>
              ))}
            </ul>
          )}
        </Part>
      </div>
    </details>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-muted mb-1.5 text-xs font-medium">{title}</h3>
      {children}
    </section>
  );
}

function RubricSummary({ rubric: { questions } }: Pick<QueueDetail, 'rubric'>) {
  const t = useTranslations('reviewQuestions.comment.summary');
  return (
    <ul className="flex flex-col gap-2 text-sm leading-6">
      {askedOf(questions).map((question) => {
        const { Summary } = viewOf(question);
        return (
          <li key={questionId(question)}>
            <Summary question={question} />
          </li>
        );
      })}
      {!questions.some(({ type }) => type === 'comment') && (
        <li className="text-muted text-[13px]">{t('none')}</li>
      )}
    </ul>
  );
}
