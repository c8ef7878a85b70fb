import { useTranslations } from 'next-intl';
import type { QuestionOf } from '@/server/reviews/questions/rubric';
import { Badge } from '../_parts/badge';
import { KeyHint } from '../_parts/key-hint';
import { cn } from '../../_ui/cn';
import { describedBy, Problem, TextField } from '../../_ui/field';
import { ChoiceBox } from './choice-box';
import type { ControlProps, EditorProps, QuestionEditor, QuestionView } from './question-view';

type Verdict = 'pass' | 'fail';
type Asked = QuestionOf<'verdict'>;
const verdicts = ['pass', 'fail'] as const;

export const verdict: QuestionView<Asked, Verdict> = {
  name: ({ question }) => question,
  Control,
  choices: () => verdicts.length,
  choose: (_, n) => (n === 1 ? 'pass' : 'fail'),
  isSingle: true,
  said: (_, __, answer, t) => t(`verdict.${answer}`),
  letters: { p: 'pass', f: 'fail' },
  place: 'badge',
  Answer: function VerdictAnswer({ answer }) {
    const t = useTranslations('reviewQuestions.verdict');
    return <Badge tone={toneOf(answer)}>{t(answer)}</Badge>;
  },
  brief: (answer, t) => t(`verdict.${answer}`),
  tone: toneOf,
  Summary: function VerdictSummary({ question }) {
    const t = useTranslations('reviewQuestions.verdict');
    return (
      <>
        {question.question} <span className="text-muted text-[13px]">{t('summary')}</span>
      </>
    );
  },
  agreed: (value, t) => t(`verdict.agreed.${value as Verdict}`),
};

function toneOf(answer: Verdict) {
  return answer === 'pass' ? 'accent' : 'danger';
}

const failing =
  'has-checked:border-danger has-checked:bg-danger-soft has-checked:text-danger has-focus-visible:outline-danger';

function Control({ answer, onAnswer, id, keys }: ControlProps<Asked, Verdict>) {
  const t = useTranslations('reviewQuestions.verdict');
  return (
    <div className="grid grid-cols-2 gap-2">
      {verdicts.map((one, index) => (
        <ChoiceBox
          key={one}
          name={id}
          checked={answer === one}
          onPick={() => onAnswer(one)}
          className={cn('h-11 justify-between px-3', one === 'fail' && failing)}
        >
          {t(one)} {keys && <KeyHint value={String(index + 1)} />}
        </ChoiceBox>
      ))}
    </div>
  );
}

interface Fields {
  askVerdict: boolean;
  question: string;
}

export const verdictEditor: QuestionEditor<Asked, Fields> = {
  type: 'verdict',
  empty: { askVerdict: false, question: '' },
  questions: ({ askVerdict, question }) => (askVerdict ? [{ type: 'verdict', question }] : []),
  problemAt: () => ({ field: 'rubric.question', problem: 'verdict' }),
  Editor,
};

function Editor({ fields, form: { register }, problemOf }: EditorProps<Fields>) {
  const t = useTranslations('reviews.newQueue');
  const [none, question] = [problemOf('rubric.askVerdict'), problemOf('rubric.question')];
  return (
    <div>
      <label className="flex items-center gap-2 text-sm font-medium">
        <input
          type="checkbox"
          aria-invalid={none !== null}
          aria-describedby={describedBy('queue-ask', null, none)}
          className="accent-accent size-4"
          {...register('rubric.askVerdict')}
        />
        {t('askVerdict')}
      </label>
      <Problem id="queue-ask" text={none} />
      {fields.askVerdict && (
        <TextField
          id="queue-question"
          label={t('verdictQuestion')}
          problem={question}
          autoComplete="off"
          placeholder={t('verdictPlaceholder')}
          className="mt-2 sm:ml-6"
          {...register('rubric.question')}
        />
      )}
    </div>
  );
}
