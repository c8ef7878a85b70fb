import { useTranslations } from 'next-intl';
import type { Answers, Rubric } from '@/server/reviews/schema';
import { Badge } from '../_parts/badge';

/** Answers of one review, to be read. */
export function AnswerView({ rubric, answers }: { rubric: Rubric | null; answers: Answers }) {
  const t = useTranslations('reviews.rubric');
  const labels = new Map(rubric?.tags.map(({ key, label }) => [key, label]));
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      {(answers.verdict || answers.vote || answers.tags.length > 0) && (
        <div className="flex flex-wrap gap-1.5">
          {answers.verdict && (
            <Badge tone={answers.verdict === 'pass' ? 'accent' : 'danger'}>{t(answers.verdict)}</Badge>
          )}
          {answers.vote && <Badge tone="accent">{t(`votes.${answers.vote}`)}</Badge>}
          {answers.tags.map((key) => (
            <Badge key={key} tone="outline">
              {labels.get(key) ?? key}
            </Badge>
          ))}
        </div>
      )}
      {Object.keys(answers.scales).length > 0 && (
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 text-[13px] leading-5">
          {Object.entries(answers.scales).map(([key, value]) => {
            const scale = rubric?.scales.find((one) => one.key === key);
            return (
              <div key={key} className="contents">
                <dt className="text-muted truncate">{scale?.name ?? key}</dt>
                <dd className="text-right">
                  <span className="font-semibold tabular-nums">{value}</span>{' '}
                  <span className="text-muted">{scale?.anchors[value - 1]}</span>
                </dd>
              </div>
            );
          })}
        </dl>
      )}
      {answers.comment && (
        <p className="text-[13px] leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">
          {answers.comment}
        </p>
      )}
    </div>
  );
}
