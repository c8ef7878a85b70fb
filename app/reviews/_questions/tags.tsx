import { lazy } from 'react';
import type { QuestionOf } from '@/server/reviews/questions/rubric';
import { Badge } from '../_parts/badge';
import { KeyHint } from '../_parts/key-hint';
import { uniqueKeys } from '../new/keys';
import { ChoiceBox } from './choice-box';
import type { ControlProps, QuestionEditor, QuestionView } from './question-view';

type Asked = QuestionOf<'tags'>;

/** As many as digits reach. */
const withKeys = 9;

const toggled = (answer: readonly string[] | null, key: string): string[] =>
  answer?.includes(key) ? answer.filter((one) => one !== key) : [...(answer ?? []), key];

export const tags: QuestionView<Asked, string[]> = {
  name: (_, t) => t('tags.name'),
  Control,
  choices: (question) => Math.min(withKeys, question.tags.length),
  choose: (question, n, answer) => toggled(answer, question.tags[n - 1]?.key ?? ''),
  isSingle: false,
  said(question, n, answer, t) {
    const tag = question.tags[n - 1];
    return tag ? t(answer.includes(tag.key) ? 'tags.chosen' : 'tags.notChosen', { tag: tag.label }) : '';
  },
  place: 'badge',
  Answer: ({ question, answer }) =>
    question.tags
      .filter(({ key }) => answer.includes(key))
      .map(({ key, label }) => (
        <Badge key={key} tone="outline">
          {label}
        </Badge>
      )),
  Summary: ({ question }) => (
    <span className="flex flex-wrap gap-1.5">
      {question.tags.map(({ key, label }) => (
        <Badge key={key} tone="outline">
          {label}
        </Badge>
      ))}
    </span>
  ),
  agreed: (value, t) => t(value === 1 ? 'tags.agreed.chosen' : 'tags.agreed.notChosen'),
};

function Control({ question, answer, onAnswer, id, keys }: ControlProps<Asked, string[]>) {
  return (
    <div className="flex flex-wrap gap-1.5">
      {question.tags.map(({ key, label }, index) => (
        <ChoiceBox
          key={key}
          name={`${id}-${key}`}
          many
          checked={answer?.includes(key) ?? false}
          onPick={() => onAnswer(toggled(answer, key))}
          className="min-h-9 px-2.5 text-[13px]"
        >
          {label} {keys && index < withKeys && <KeyHint value={String(index + 1)} />}
        </ChoiceBox>
      ))}
    </div>
  );
}

export const tagsEditor: QuestionEditor<Asked, { tags: string[] }> = {
  type: 'tags',
  empty: { tags: [] },
  questions({ tags: labels }) {
    const keys = uniqueKeys(labels, 'tag');
    const made = labels.map((label, index) => ({ key: keys[index] ?? '', label }));
    return made.length > 0 ? [{ type: 'tags', tags: made }] : [];
  },
  problemAt: () => ({ field: 'rubric.tags', problem: 'tag' }),
  Editor: lazy(() => import('../new/tags-editor').then((of) => ({ default: of.TagsEditor }))),
};
