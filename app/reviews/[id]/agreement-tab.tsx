import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import type { Agreement, QueueDetail } from '@/server/reviews/schema';
import { Failure } from '../../_components/failure';
import { useTRPC } from '../../_trpc/client';
import { CoefficientRow } from './coefficient';
import { liveMs } from './live';
import { alphaWord, kappaWord } from './meaning';

/** How far reviewers agree, question by question; asked for again while reviews come in. */
export function AgreementTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.agreement');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.reviews.agreement.queryOptions({ queueId: queue.id }),
    refetchInterval: queue.state === 'open' ? liveMs : false,
  });
  const questions = found.data ?? [];
  const enough = questions.some(({ items }) => items > 0);
  return (
    <section aria-label={t('label')}>
      <p className="text-muted max-w-prose text-sm leading-6 text-pretty">{t('lead')}</p>
      {found.isError && !found.data ? (
        <Failure className="mt-4" error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <p role="status" className="text-muted mt-4 text-sm">
          {common('loading')}
        </p>
      ) : !enough ? (
        <div className="border-line mt-4 rounded-xl border border-dashed px-4 py-8 text-center">
          <p role="status" className="text-sm font-medium">
            {t('few')}
          </p>
          <p className="text-muted mx-auto mt-1 max-w-prose text-sm leading-6 text-pretty">
            {t(queue.reviewsPerItem < 2 ? 'fewOne' : 'fewYet')}
          </p>
        </div>
      ) : (
        <ul className="mt-4 grid gap-3 lg:grid-cols-2">
          {questions.map((question) => (
            <li key={question.question}>
              <QuestionCard question={question} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function QuestionCard({ question }: { question: Agreement }) {
  const t = useTranslations('reviewResults.agreement');
  const format = useFormatter();
  const { level, items, reviews, percent, cohen, fleiss, krippendorff, note } = question;
  const label = question.question === 'vote' ? t('vote') : question.label;
  return (
    <article aria-label={label} className="border-line bg-surface h-full rounded-xl border p-4">
      <h3 className="text-sm leading-5 font-semibold [overflow-wrap:anywhere]">{label}</h3>
      <p className="text-muted mt-0.5 text-[13px] leading-5 tabular-nums">
        {t('from', { items, reviews })} · {t(`levels.${level}`)}
      </p>
      <p className="mt-3 flex items-baseline gap-2">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {percent === null ? '–' : format.number(percent, { style: 'percent', maximumFractionDigits: 1 })}
        </span>
        <span className="text-muted text-[13px]">{t('percent')}</span>
      </p>
      <dl className="mt-3 flex flex-col gap-3">
        <CoefficientRow
          name={t('krippendorff')}
          found={krippendorff}
          absent={t('absent')}
          meaning={krippendorff && t(`alpha.${alphaWord(krippendorff.value)}`)}
        />
        <CoefficientRow
          name={t('fleiss')}
          found={fleiss}
          absent={t(krippendorff ? 'fleissAbsent' : 'absent')}
          meaning={fleiss && t(`kappa.${kappaWord(fleiss.value)}`)}
        />
        <CoefficientRow
          name={t('cohen')}
          found={cohen}
          absent={t(krippendorff ? 'cohenAbsent' : 'absent')}
          meaning={cohen && t(`kappa.${kappaWord(cohen.value)}`)}
        />
      </dl>
      {note && (
        <p className="bg-sunken mt-3 rounded-lg px-3 py-2 text-[13px] leading-5 text-pretty">
          {t(`notes.${note}`)}
        </p>
      )}
    </article>
  );
}
