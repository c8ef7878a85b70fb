import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '../../_ui/error-text';
import type { Work } from './session-types';

interface AnnouncerProps {
  work: Work;
  /** What a key did that is not seen by everybody, e.g. which choice it made. `n` tells two of a kind apart. */
  said: { n: number; text: string } | null;
}

/** Tells those who do not see the page what was saved and what comes next. */
export function Announcer({ work, said }: AnnouncerProps) {
  const tell = useTelling(work);
  return (
    <div role="status" aria-live="polite" aria-atomic className="sr-only">
      {/* Another element is read again, even where its words are the same. */}
      <p key={`event ${work.event?.n ?? 0} ${work.hand[0]?.item.taskId ?? work.nothing ?? ''}`}>{tell}</p>
      <p key={`said ${said?.n ?? 0}`}>{said?.text}</p>
      <Network offline={work.offline} waiting={work.waiting} />
    </div>
  );
}

function useTelling({ event, hand, nothing, waiting }: Work): string {
  const t = useTranslations('reviewWork');
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
    const answer = answers.vote
      ? t(`vote.${answers.vote}`)
      : answers.verdict
        ? t(`verdict.${answers.verdict}`)
        : t('said.answers');
    const values = { answer, n: item.position + 1, prompt: item.prompt, waiting };
    return t(`said.${event.kind}`, values);
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
