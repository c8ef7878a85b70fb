import { useTranslations } from 'next-intl';
import {
  answerTo,
  questionId,
  withAnswer,
  type Answers,
  type Question,
} from '../../../server/reviews/questions/rubric';
import { cn } from '../../_ui/cn';
import { KeyHint } from '../_parts/key-hint';
import { viewOf } from '../_questions/views';

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

/** One question of the rubric. */
export function QuestionField(props: QuestionFieldProps) {
  const { question, answers, current, missing, disabled, onCurrent, onAnswers } = props;
  const t = useTranslations('reviewWork');
  const words = useTranslations('reviewQuestions');
  const id = fieldId(question);
  const { name: nameOf, key, Control } = viewOf(question);
  const name = nameOf(question, words);
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
        {name} {key && <KeyHint value={key} className="ml-1" />}
        {missing && (
          <span id={`${id}-missing`} className="text-danger ml-2 text-[13px] font-normal">
            {t('missing')}
          </span>
        )}
      </legend>
      <div className="clear-both">
        <Control
          {...{ question, id, name }}
          answer={answerTo(answers, question)}
          onAnswer={(answer) => onAnswers(withAnswer(answers, question, answer))}
          keys={current}
        />
      </div>
    </fieldset>
  );
}
