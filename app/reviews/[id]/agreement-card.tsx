import { useFormatter, useTranslations } from 'next-intl';
import { measuredBy, type Rubric } from '../../../server/reviews/questions/rubric';
import type { Agreement } from '@/server/reviews/schema';
import { viewOf } from '../_questions/views';
import { CoefficientRow } from './coefficient';
import { conclusionOf } from './conclusion';

/** How far reviewers agree on one question: one conclusion, with the figure that it rests on; the others on demand. */
export function QuestionCard({ question, rubric }: { question: Agreement; rubric: Rubric }) {
  const t = useTranslations('reviewResults.agreement');
  const format = useFormatter();
  const { level, items, reviews, percent, prevalent, specific, note } = question;
  const { word, by, fits, unsettled, others } = conclusionOf(question);
  const words = useTranslations('reviewQuestions');
  const asked = measuredBy(rubric, question.question);
  const view = asked && viewOf(asked);
  const label = view?.agreedOn?.(words) ?? question.label;
  const answerOf = (value: string | number) => view?.agreed?.(value, words) ?? String(value);
  const share = (value: number) => format.number(value, { style: 'percent', maximumFractionDigits: 1 });
  const figure = (value: number) => format.number(value, { maximumFractionDigits: 2 }).replace(/^-/, '−');
  return (
    <article aria-label={label} className="border-line bg-surface h-full rounded-xl border p-4">
      <h3 className="text-sm leading-5 font-semibold [overflow-wrap:anywhere]">{label}</h3>
      <p className="text-muted mt-0.5 text-[13px] leading-5 tabular-nums">
        {t('from', { items, reviews })} · {t(`levels.${level}`)}
      </p>
      {word && (
        <p className="mt-3 text-sm leading-6 text-pretty">
          <strong className="font-semibold">{t(`conclusion.${word}`)}</strong>{' '}
          {unsettled && t('unsettled', { low: figure(unsettled[0]), high: figure(unsettled[1]) })}
        </p>
      )}
      <p className="mt-3 flex items-baseline gap-2">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {percent === null ? '–' : share(percent)}
        </span>
        <span className="text-muted text-[13px]">{t('percent')}</span>
      </p>
      {prevalent && (
        <p className="bg-sunken mt-3 rounded-lg px-3 py-2 text-[13px] leading-5 text-pretty">
          {t('prevalent', { answer: answerOf(prevalent.value), share: share(prevalent.share) })}
        </p>
      )}
      {by && fits && (
        <dl className="mt-3">
          <CoefficientRow name={t(by)} found={question[by]} absent="" meaning={t(`fits.${fits}`)} />
        </dl>
      )}
      {note && (
        <p className="bg-sunken mt-3 rounded-lg px-3 py-2 text-[13px] leading-5 text-pretty">
          {t(`notes.${note}`)}
        </p>
      )}
      {specific && specific.length > 0 && (
        <ul aria-label={t('specific')} className="mt-3 flex flex-col gap-1 text-sm leading-5">
          {specific.map((one) => (
            <li key={one.value} className="tabular-nums">
              {t('specificOf', { answer: answerOf(one.value), share: share(one.share) })}
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <details className="border-line mt-3 border-t pt-2">
          <summary className="text-muted cursor-pointer rounded text-[13px]">{t('others')}</summary>
          <p className="text-muted mt-1.5 text-[13px] leading-5 text-pretty">
            {t(prevalent ? 'othersPrevalent' : 'othersWhy')}
          </p>
          <dl className="mt-2 flex flex-col gap-3">
            {others.map((name) => (
              <CoefficientRow key={name} name={t(name)} found={question[name]} absent="" meaning={null} />
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}
