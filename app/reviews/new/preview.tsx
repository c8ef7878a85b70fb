import { ImageIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { noAnswers, pairRubric, type Answers } from '../../../server/reviews/questions/rubric';
import { AnswerFields } from '../_questions/answer-fields';
import { rubricOf, type QueueForm } from './form';

/** An item as a reviewer will meet it, with a place for the picture. */
export function Preview() {
  const t = useTranslations('reviews.newQueue');
  const { control } = useFormContext<QueueForm>();
  const [from, instructions, rubric] = useWatch({ control, name: ['from', 'instructions', 'rubric'] });
  const [answers, setAnswers] = useState<Answers>(noAnswers);
  const pair = from === 'pair';
  return (
    <div className="flex flex-col gap-3">
      {instructions.trim() && (
        <p
          tabIndex={0}
          className="bg-sunken max-h-32 overflow-y-auto rounded-lg px-3 py-2 text-[13px] leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap"
        >
          {instructions.trim()}
        </p>
      )}
      <div className={pair ? 'grid grid-cols-2 gap-2' : ''}>
        {(pair ? [0, 1] : [0]).map((index) => (
          <div
            key={index}
            aria-hidden
            className="border-line bg-sunken text-muted flex aspect-2/1 items-center justify-center rounded-lg border border-dashed"
          >
            <ImageIcon className="size-5" />
          </div>
        ))}
      </div>
      <p className="text-sm">{t('previewPrompt')}</p>
      <AnswerFields rubric={pair ? pairRubric : rubricOf(rubric)} value={answers} onChange={setAnswers} />
      <p className="text-muted text-[13px] leading-5">{t('previewHint')}</p>
    </div>
  );
}
