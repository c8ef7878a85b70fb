'use client';

import { Check, ThumbsDown, ThumbsUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, type ReactNode } from 'react';
import type { Answers, Rubric, Vote } from '@/server/reviews/schema';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';

interface FieldsProps {
  rubric: Rubric;
  value: Answers;
  onChange: (value: Answers) => void;
}

const choice =
  'border-line bg-surface relative flex cursor-pointer items-center justify-center gap-1.5 rounded-lg border text-sm transition-colors select-none hover:border-line-strong has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1 [&_svg]:size-4';
const box = 'absolute inset-0 cursor-pointer appearance-none rounded-lg outline-none';

/** The questions of a rubric, answered: native radio buttons and checkboxes. */
export function AnswerFields({ rubric, value, onChange }: FieldsProps) {
  const t = useTranslations('reviews.rubric');
  const id = useId();
  const change = (part: Partial<Answers>) => onChange({ ...value, ...part });
  return (
    <div className="flex flex-col gap-4">
      {rubric.verdict && (
        <Question legend={rubric.verdict.question}>
          <div className="grid grid-cols-2 gap-2">
            {(['pass', 'fail'] as const).map((verdict) => (
              <label
                key={verdict}
                className={cn(
                  choice,
                  'h-9 font-medium',
                  verdict === 'pass'
                    ? 'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent'
                    : 'has-checked:border-danger has-checked:bg-danger-soft has-checked:text-danger',
                )}
              >
                <input
                  type="radio"
                  className={box}
                  name={`${id}-verdict`}
                  checked={value.verdict === verdict}
                  onChange={() => change({ verdict })}
                />
                {verdict === 'pass' ? <ThumbsUp aria-hidden /> : <ThumbsDown aria-hidden />}
                {t(verdict)}
              </label>
            ))}
          </div>
        </Question>
      )}
      {rubric.scales.map(({ key, name, anchors }) => (
        <Question key={key} legend={name}>
          <div className="grid grid-cols-5 gap-1.5">
            {anchors.map((anchor, index) => (
              <label
                key={index}
                className={cn(
                  choice,
                  'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent min-w-0 flex-col gap-0 px-1 py-1.5',
                )}
              >
                <input
                  type="radio"
                  className={box}
                  name={`${id}-${key}`}
                  checked={value.scales[key] === index + 1}
                  onChange={() => change({ scales: { ...value.scales, [key]: index + 1 } })}
                />
                <span className="font-semibold tabular-nums">{index + 1}</span>
                <span className="line-clamp-2 max-w-full text-center text-[11px] leading-[14px] [overflow-wrap:anywhere]">
                  {anchor}
                </span>
              </label>
            ))}
          </div>
        </Question>
      ))}
      {rubric.tags.length > 0 && (
        <Question legend={t('tags')}>
          <div className="flex flex-wrap gap-1.5">
            {rubric.tags.map(({ key, label }) => {
              const on = value.tags.includes(key);
              return (
                <label
                  key={key}
                  className={cn(
                    choice,
                    'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent h-7 max-w-full gap-1 px-2.5 text-[13px]',
                  )}
                >
                  <input
                    type="checkbox"
                    className={box}
                    checked={on}
                    onChange={() =>
                      change({ tags: on ? value.tags.filter((one) => one !== key) : [...value.tags, key] })
                    }
                  />
                  {on && <Check aria-hidden className="size-3.5!" />}
                  <span className="truncate">{label}</span>
                </label>
              );
            })}
          </div>
        </Question>
      )}
      {rubric.comment !== 'none' && (
        <div>
          <label htmlFor={`${id}-comment`} className="text-[13px] leading-5 font-medium">
            {t(rubric.comment === 'required' ? 'commentRequired' : 'comment')}
          </label>
          <textarea
            id={`${id}-comment`}
            rows={2}
            maxLength={4000}
            value={value.comment}
            onChange={(event) => change({ comment: event.target.value })}
            className={cn(boxStyle, 'mt-1 block resize-y py-1.5')}
          />
        </div>
      )}
    </div>
  );
}

const votes: readonly Vote[] = ['left', 'right', 'tie', 'both_bad'];

/** Which of two outputs is better, as they stand beside each other. */
export function VoteFields({ value, onChange }: { value: Vote | null; onChange: (vote: Vote) => void }) {
  const t = useTranslations('reviews.rubric');
  const id = useId();
  return (
    <Question legend={t('vote')}>
      <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {votes.map((vote) => (
          <label
            key={vote}
            className={cn(
              choice,
              'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent h-9 font-medium',
            )}
          >
            <input
              type="radio"
              className={box}
              name={`${id}-vote`}
              checked={value === vote}
              onChange={() => onChange(vote)}
            />
            {t(`votes.${vote}`)}
          </label>
        ))}
      </div>
    </Question>
  );
}

function Question({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[13px] leading-5 font-medium [overflow-wrap:anywhere]">{legend}</legend>
      {children}
    </fieldset>
  );
}
