import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Answers } from '@/server/reviews/schema';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { choose, questionId, toggleTag, type Question } from './answers';
import { KeyHint } from './key-hint';

interface QuestionFieldProps {
  question: Question;
  answers: Answers;
  /** Whether the digits choose here. */
  current: boolean;
  /** It needs an answer before the review can be sent. */
  missing: boolean;
  disabled: boolean;
  onCurrent: () => void;
  onAnswers: (answers: Answers) => void;
}

/** The element that a question's controls stand in. */
export const fieldId = (question: Question) => `question-${questionId(question)}`;

/** The longest word of a scale that stands below its number, in characters. */
const shortAnchor = 11;

/** One question of the rubric. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, answers, current, missing, disabled, onCurrent, onAnswers } = props;
  const t = useTranslations('reviewWork');
  const id = fieldId(question);
  const name = useQuestionName()(question);
  const pick = (n: number) => onAnswers(choose(answers, question, n));
  return (
    <fieldset
      id={id}
      disabled={disabled}
      onFocus={onCurrent}
      aria-describedby={missing ? `${id}-missing` : undefined}
      className={cn(
        'min-w-0 rounded-xl border px-3 pt-1.5 pb-3 transition-colors',
        current ? 'border-line-strong bg-surface' : 'border-transparent',
      )}
    >
      <legend className="float-left mb-1.5 w-full text-sm leading-6 font-medium break-words">
        {name} {question.kind === 'comment' && <KeyHint value="c" className="ml-1" />}
        {missing && (
          <span id={`${id}-missing`} className="text-danger ml-2 text-[13px] font-normal">
            {t('missing')}
          </span>
        )}
      </legend>
      <div className="clear-both">
        {question.kind === 'verdict' && (
          <div className="grid grid-cols-2 gap-2">
            {(['pass', 'fail'] as const).map((verdict, index) => (
              <Choice
                key={verdict}
                name={id}
                checked={answers.verdict === verdict}
                onPick={() => pick(index + 1)}
                className={cn('h-11 justify-between px-3', verdict === 'fail' && failing)}
              >
                {t(`verdict.${verdict}`)} {current && <KeyHint value={String(index + 1)} />}
              </Choice>
            ))}
          </div>
        )}
        {question.kind === 'scale' && (
          <Scale {...{ id, pick }} anchors={question.anchors} value={answers.scales[question.key] ?? null} />
        )}
        {question.kind === 'tags' && (
          <div className="flex flex-wrap gap-1.5">
            {question.tags.map(({ key, label }, index) => (
              <Choice
                key={key}
                name={`${id}-${key}`}
                many
                checked={answers.tags.includes(key)}
                onPick={() => onAnswers(toggleTag(answers, key))}
                className="min-h-9 px-2.5 text-[13px]"
              >
                {label} {current && index < 9 && <KeyHint value={String(index + 1)} />}
              </Choice>
            ))}
          </div>
        )}
        {question.kind === 'comment' && (
          <textarea
            aria-label={name}
            aria-required={question.required}
            rows={3}
            maxLength={4000}
            value={answers.comment}
            placeholder={t('commentHint')}
            onChange={({ target }) => onAnswers({ ...answers, comment: target.value })}
            className={cn(boxStyle, 'block resize-y px-3 py-2 leading-5 max-lg:h-16')}
          />
        )}
      </div>
    </fieldset>
  );
}

/** What a question is called, on the page and for those who hear it. */
export function useQuestionName(): (question: Question) => string {
  const t = useTranslations('reviewWork');
  return (question) => {
    if (question.kind === 'verdict' || question.kind === 'scale') return question.text;
    if (question.kind === 'tags') return t('tags');
    return t(question.required ? 'comment' : 'commentOptional');
  };
}

const failing =
  'has-checked:border-danger has-checked:bg-danger-soft has-checked:text-danger has-focus-visible:outline-danger';

interface ChoiceProps {
  name: string;
  checked: boolean;
  many?: boolean;
  onPick: () => void;
  className?: string;
  children: ReactNode;
}

/** A native radio button or checkbox under a large label. */
function Choice({ name, checked, many = false, onPick, className, children }: ChoiceProps) {
  return (
    <label
      className={cn(
        'border-line-strong bg-surface hover:bg-canvas relative flex cursor-pointer items-center gap-2 rounded-lg border text-sm font-medium transition-colors select-none',
        'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent',
        'has-focus-visible:outline-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-1',
        'has-disabled:cursor-default has-disabled:opacity-60',
        className,
      )}
    >
      <input
        type={many ? 'checkbox' : 'radio'}
        name={name}
        checked={checked}
        onChange={onPick}
        className="absolute inset-0 cursor-pointer appearance-none rounded-lg outline-none"
      />
      {children}
    </label>
  );
}

interface ScaleProps {
  id: string;
  anchors: readonly string[];
  value: number | null;
  pick: (n: number) => void;
}

/** 1 to 5, each with its word: below one another where the words are long. */
function Scale({ id, anchors, value, pick }: ScaleProps) {
  const short = anchors.every((anchor) => anchor.length <= shortAnchor);
  return (
    <div className={short ? 'grid grid-cols-5 gap-1' : 'grid gap-1'}>
      {anchors.map((anchor, index) => (
        <Choice
          key={index}
          name={id}
          checked={value === index + 1}
          onPick={() => pick(index + 1)}
          className={
            short ? 'min-h-12 flex-col justify-center gap-0 px-1 py-1 text-center' : 'min-h-9 px-2.5 py-1'
          }
        >
          <span className="tabular-nums">{index + 1}</span>
          <span className={cn('font-normal', short ? 'text-[11px] leading-4' : 'text-[13px] leading-5')}>
            {anchor}
          </span>
        </Choice>
      ))}
    </div>
  );
}
