import { useTranslations } from 'next-intl';
import { choiceSchema, type Choice } from '../../../server/reviews/questions/choice';
import type { QuestionOf } from '@/server/reviews/questions/rubric';
import { Badge } from '../_parts/badge';
import { ChoiceBox } from './choice-box';
import type { ControlProps, QuestionView } from './question-view';

type Asked = QuestionOf<'choice'>;

/** Which of two outputs is better: the first stands on the left. */
export const choice: QuestionView<Asked, Choice> = {
  name: (_, t) => t('choice.name'),
  Control,
  choices: () => choiceSchema.options.length,
  choose: (_, n) => choiceSchema.options[n - 1] ?? 'tie',
  isSingle: true,
  said: (_, __, answer, t) => t(`choice.${answer}`),
  place: 'badge',
  Answer: function ChoiceAnswer({ answer }) {
    const t = useTranslations('reviewQuestions.choice');
    return <Badge tone="accent">{t(answer)}</Badge>;
  },
  brief: (answer, t) => t(`choice.${answer}`),
  tone: () => 'accent',
  Summary: function ChoiceSummary() {
    const t = useTranslations('reviewQuestions.choice');
    return t('summary');
  },
  agreedOn: (t) => t('choice.agreement'),
  agreed: (value, t) => t(`choice.agreed.${value as Choice}`),
};

function Control({ answer, onAnswer, id }: ControlProps<Asked, Choice>) {
  const t = useTranslations('reviewQuestions.choice');
  return (
    <div className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {choiceSchema.options.map((one) => (
        <ChoiceBox
          key={one}
          name={id}
          checked={answer === one}
          onPick={() => onAnswer(one)}
          className="h-11 justify-center"
        >
          {t(one)}
        </ChoiceBox>
      ))}
    </div>
  );
}
