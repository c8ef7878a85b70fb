import {
  answerTo,
  isAnswered,
  questionId,
  type Answers,
  type Rubric,
} from '../../../server/reviews/questions/rubric';
import type { AnyQuestionView } from './views';
import { viewOf } from './views';

/** Answers of one review, to be read. */
export function AnswerView({ rubric, answers }: { rubric: Rubric; answers: Answers }) {
  const given = rubric.questions.filter((question) => isAnswered(answers, question));
  const at = (place: AnyQuestionView['place']) =>
    given
      .filter((question) => viewOf(question).place === place)
      .map((question) => {
        const { Answer } = viewOf(question);
        const answer = <Answer question={question} answer={answerTo(answers, question)} />;
        return (
          <div key={questionId(question)} className="contents">
            {answer}
          </div>
        );
      });
  const [badges, rows] = [at('badge'), at('row')];
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      {badges.length > 0 && <div className="flex flex-wrap gap-1.5">{badges}</div>}
      {rows.length > 0 && (
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-0.5 text-[13px] leading-5">
          {rows}
        </dl>
      )}
      {at('below')}
    </div>
  );
}
