import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { answerTo, isAnswered, type Answers, type Rubric } from '../../../server/reviews/questions/rubric';
import { useErrorText } from '../../_ui/error-text';
import { viewOf } from '../_questions/views';
import type { Work } from './session-types';

interface AnnouncerProps {
  work: Work;
  rubric: Rubric;
  /** What a key did that is not seen by everybody, e.g. which choice it made. `n` tells two of a kind apart. */
  said: { n: number; text: string } | null;
}

/** Tells those who do not see the page what was saved and what comes next. */
export function Announcer({ work, rubric, said }: AnnouncerProps) {
  const tell = useTelling(work, rubric);
  return (
    <div role="status" aria-live="polite" aria-atomic className="sr-only">
      {/* Another element is read again, even where its words are the same. */}
      <p key={`event ${work.event?.n ?? 0} ${work.hand[0]?.item.taskId ?? work.nothing ?? ''}`}>{tell}</p>
      <p key={`said ${said?.n ?? 0}`}>{said?.text}</p>
      <Network offline={work.offline} waiting={work.waiting} />
    </div>
  );
}

function useTelling({ event, hand, nothing, waiting }: Work, { questions }: Rubric): string {
  const t = useTranslations('reviewWork');
  const words = useTranslations('reviewQuestions');
  const say = useErrorText();
  const next = hand[0]?.item;
  const comes = next
    ? t('said.item', { n: next.position + 1, prompt: next.prompt })
    : nothing
      ? t(`ended.${nothing}.title`)
      : '';
  if (!event) return comes;
  const what = happened();
  return event.kind === 'undone' ? what : `${what} ${comes}`.trim();

  function happened(): string {
    if (!event) return '';
    if (event.kind === 'kept') return say(event.problem);
    const { answers, item } = event;
    const values = { answer: inAWord(answers), n: item.position + 1, prompt: item.prompt, waiting };
    return t(`said.${event.kind}`, values);
  }

  /** The answer that tells alone what was thought, where there is one. */
  function inAWord(answers: Answers): string {
    if (answers.choice) return t(`choice.${answers.choice}`);
    const telling = questions.find((question) => viewOf(question).tone && isAnswered(answers, question));
    return (telling && viewOf(telling).brief?.(answerTo(answers, telling), words)) ?? t('said.answers');
  }
}

/** Says once that the network is lost, and once that it is back and all was sent. */
function Network({ offline, waiting }: { offline: boolean; waiting: number }) {
  const t = useTranslations('reviewWork.said');
  const [was, setWas] = useState(false);
  if (offline && !was) setWas(true);
  if (offline) return <p>{t('offline')}</p>;
  return <p>{was && waiting === 0 ? t('online') : ''}</p>;
}
