import { lazy } from 'react';
import type { QuestionOf } from '@/server/reviews/questions/rubric';
import { cn } from '../../_ui/cn';
import { uniqueKeys } from '../new/keys';
import { ChoiceBox } from './choice-box';
import type { ControlProps, QuestionEditor, QuestionView } from './question-view';

type Asked = QuestionOf<'scale'>;

/** The longest word of a scale that stands below its number, in characters. */
const shortAnchor = 11;

export const scale: QuestionView<Asked, number> = {
  name: ({ name }) => name,
  Control,
  choices: ({ anchors }) => anchors.length,
  choose: (_, n) => n,
  isSingle: true,
  said: ({ name, anchors }, n) => `${name}: ${n}, ${anchors[n - 1] ?? ''}`,
  place: 'row',
  Answer: ({ question: { name, anchors }, answer }) => (
    <>
      <dt className="text-muted truncate">{name}</dt>
      <dd className="text-right">
        <span className="font-semibold tabular-nums">{answer}</span>{' '}
        <span className="text-muted">{anchors[answer - 1]}</span>
      </dd>
    </>
  ),
  brief: String,
  Summary: ({ question: { name, anchors } }) => (
    <>
      {name} <span className="text-muted text-[13px]">1–{anchors.length}</span>
      <span className="text-muted block text-[13px] leading-5">
        {anchors.map((anchor, index) => `${index + 1} ${anchor}`).join(' · ')}
      </span>
    </>
  ),
};

/** 1 to 5, each with its word: below one another where the words are long. */
function Control({ question: { anchors }, answer, onAnswer, id }: ControlProps<Asked, number>) {
  const short = anchors.every((anchor) => anchor.length <= shortAnchor);
  return (
    <div className={short ? 'grid grid-cols-5 gap-1' : 'grid gap-1'}>
      {anchors.map((anchor, index) => (
        <ChoiceBox
          key={index}
          name={id}
          checked={answer === index + 1}
          onPick={() => onAnswer(index + 1)}
          className={
            short ? 'min-h-12 flex-col justify-center gap-0 px-1 py-1 text-center' : 'min-h-9 px-2.5 py-1'
          }
        >
          <span className="tabular-nums">{index + 1}</span>
          <span className={cn('font-normal', short ? 'text-[11px] leading-4' : 'text-[13px] leading-5')}>
            {anchor}
          </span>
        </ChoiceBox>
      ))}
    </div>
  );
}

export const scaleEditor: QuestionEditor<Asked, { scales: { name: string; anchors: string[] }[] }> = {
  type: 'scale',
  empty: { scales: [] },
  questions({ scales }) {
    const keys = uniqueKeys(
      scales.map(({ name }) => name),
      'scale',
    );
    return scales.map((one, index) => ({ type: 'scale', ...one, key: keys[index] ?? '' }));
  },
  problemAt: ([part], index) =>
    part === 'name'
      ? { field: `rubric.scales.${index}.name`, problem: 'scaleName' }
      : { field: `rubric.scales.${index}.anchors`, problem: 'anchors' },
  Editor: lazy(() => import('../new/scale-editor').then((of) => ({ default: of.ScalesEditor }))),
};
