import { useTranslations } from 'next-intl';
import type { QuestionOf } from '@/server/reviews/questions/rubric';
import { cn } from '../../_ui/cn';
import { boxStyle } from '../../_ui/field';
import { Segmented } from '../../_ui/segmented';
import type { ControlProps, EditorProps, QuestionEditor, QuestionView } from './question-view';

type Asked = QuestionOf<'comment'>;

export const comment: QuestionView<Asked, string> = {
  name: ({ need }, t) => t(need === 'required' ? 'comment.required' : 'comment.optional'),
  Control,
  isAsked: ({ need }) => need !== 'unasked',
  key: 'c',
  choices: () => 0,
  isSingle: false,
  place: 'below',
  Answer: ({ answer }) => (
    <p className="text-[13px] leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap">{answer}</p>
  ),
  Summary: function CommentSummary({ question: { need } }) {
    const t = useTranslations('reviewQuestions.comment.summary');
    return <span className="text-muted text-[13px]">{t(need === 'unasked' ? 'none' : need)}</span>;
  },
};

function Control({ question, answer, onAnswer, name }: ControlProps<Asked, string>) {
  const t = useTranslations('reviewQuestions.comment');
  return (
    <textarea
      aria-label={name}
      aria-required={question.need === 'required'}
      rows={3}
      maxLength={4000}
      value={answer ?? ''}
      placeholder={t('hint')}
      onChange={({ target }) => onAnswer(target.value)}
      className={cn(boxStyle, 'block resize-y px-3 py-2 leading-5 max-lg:h-16')}
    />
  );
}

const needs = ['none', 'optional', 'required'] as const;

interface Fields {
  comment: (typeof needs)[number];
}

export const commentEditor: QuestionEditor<Asked, Fields> = {
  type: 'comment',
  empty: { comment: 'none' },
  questions: ({ comment: need }) => (need === 'none' ? [] : [{ type: 'comment', need }]),
  problemAt: () => ({ field: 'root', problem: 'other' }),
  Editor,
};

function Editor({ fields, form }: EditorProps<Fields>) {
  const t = useTranslations('reviews.newQueue');
  return (
    <div>
      <p aria-hidden className="text-sm font-medium">
        {t('comments')}
      </p>
      <Segmented
        legend={t('comments')}
        name="queue-comment"
        className="mt-1.5"
        value={fields.comment}
        options={needs.map((value) => ({ value, label: t(`commentKinds.${value}`) }))}
        onChange={(value) => form.setValue('rubric.comment', value, { shouldDirty: true })}
      />
    </div>
  );
}
