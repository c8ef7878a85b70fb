import { useTranslations } from 'next-intl';
import { useId } from 'react';
import {
  answerTo,
  questionId,
  withAnswer,
  type Answers,
  type Rubric,
} from '../../../server/reviews/questions/rubric';
import { askedOf, viewOf } from './views';

interface FieldsProps {
  rubric: Rubric;
  value: Answers;
  onChange: (value: Answers) => void;
}

/** The questions of a rubric, answered: native radio buttons and checkboxes. */
export function AnswerFields({ rubric, value, onChange }: FieldsProps) {
  const t = useTranslations('reviewQuestions');
  const id = useId();
  return (
    <div className="flex flex-col gap-4">
      {askedOf(rubric.questions).map((question) => {
        const { name, Control } = viewOf(question);
        const place = questionId(question);
        const words = name(question, t);
        return (
          <fieldset key={place} className="min-w-0">
            <legend className="mb-1.5 text-[13px] leading-5 font-medium [overflow-wrap:anywhere]">
              {words}
            </legend>
            <Control
              id={`${id}-${place}`}
              name={words}
              question={question}
              answer={answerTo(value, question)}
              onAnswer={(answer) => onChange(withAnswer(value, question, answer))}
              keys={false}
            />
          </fieldset>
        );
      })}
    </div>
  );
}
