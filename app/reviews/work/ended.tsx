import { CircleCheck, Hourglass, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Button, buttonStyle } from '../../_ui/button';
import { PageLink } from '../../_ui/page-link';
import { KeyHint } from '../_parts/key-hint';
import type { Work } from './session-types';

/** Milliseconds between looks whether others have let something go. */
const every = 15_000;

interface EndedProps {
  nothing: NonNullable<Work['nothing']>;
  queueId: string;
  done: number;
  canUndo: boolean;
  onCheck: () => void;
  onUndo: () => void;
}

/** There is no item: everything is done, others have the rest, or the queue was closed. */
export function Ended({ nothing, queueId, done, canUndo, onCheck, onUndo }: EndedProps) {
  const t = useTranslations('reviewWork');
  useEffect(() => {
    if (nothing !== 'others') return;
    const timer = setInterval(onCheck, every);
    return () => clearInterval(timer);
  }, [nothing, onCheck]);
  const Icon = { done: CircleCheck, others: Hourglass, closed: Lock }[nothing];
  return (
    <div className="m-auto flex max-w-md flex-col items-center px-4 py-10 text-center">
      <Icon aria-hidden className="text-accent size-10" strokeWidth={1.5} />
      <h3 className="mt-4 text-lg font-semibold">{t(`ended.${nothing}.title`)}</h3>
      <p className="text-muted mt-1 text-sm leading-6 text-pretty">{t(`ended.${nothing}.text`, { done })}</p>
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        <PageLink href={`/reviews/${queueId}`} className={buttonStyle({ variant: 'primary' })}>
          {t('ended.results')}
        </PageLink>
        {nothing !== 'closed' && <Button onClick={onCheck}>{t('ended.check')}</Button>}
        {nothing !== 'closed' && canUndo && (
          <Button variant="ghost" onClick={onUndo}>
            {t('undo')} <KeyHint value="u" />
          </Button>
        )}
      </div>
    </div>
  );
}

/** In the place of the item while the first one is on its way. */
export function Loading() {
  const t = useTranslations('reviewWork');
  return (
    <div className="flex min-h-0 flex-col gap-1.5" aria-busy>
      <p className="text-muted h-14 text-lg leading-7 sm:h-16">{t('loading')}</p>
      <div className="h-8" />
      <div className="bg-sunken animate-sheen min-h-0 flex-1 rounded-xl" />
    </div>
  );
}
