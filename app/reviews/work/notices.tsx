import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { Button, buttonStyle } from '../../_ui/button';
import { problemOf, useErrorText } from '../../_ui/error-text';
import type { Held } from './session-types';

function Notice({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="bg-danger-soft text-ink flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 rounded-xl px-3 py-2 text-sm leading-5">
      <p className="min-w-0 flex-1 basis-52 text-pretty">{children}</p>
      {actions && <div className="flex shrink-0 flex-wrap gap-2">{actions}</div>}
    </div>
  );
}

/** Why an item is here again, or cannot be sent any more. */
export function ItemNotice({
  held,
  onRetake,
  onDrop,
}: {
  held: Held;
  onRetake: () => void;
  onDrop: () => void;
}) {
  const t = useTranslations('reviewWork');
  const say = useErrorText();
  if (held.lost)
    return (
      <Notice
        actions={
          <>
            <Button size="small" onClick={onRetake}>
              {t('lost.retake')}
            </Button>
            <Button size="small" onClick={onDrop}>
              {t('lost.drop')}
            </Button>
          </>
        }
      >
        <strong className="font-semibold">{t('lost.title')}</strong>{' '}
        {held.problem === null ? t('lost.text') : say(held.problem)}
      </Notice>
    );
  if (held.problem === null) return null;
  return (
    <Notice>
      <strong className="font-semibold">{t('returned')}</strong> {say(held.problem)}
    </Notice>
  );
}

const signedOut = new Set(['SIGN_IN', 'UNAUTHENTICATED', 'UNAUTHORIZED']);

interface StoppedProps {
  problem: unknown;
  waiting: number;
  queueId: string;
  onRetry: () => void;
}

/** Signed out, or a role taken away: nothing is lost, and nothing goes on until somebody does something. */
export function Stopped({ problem, waiting, queueId, onRetry }: StoppedProps) {
  const t = useTranslations('reviewWork');
  const say = useErrorText();
  const out = signedOut.has(problemOf(problem).reason ?? '');
  return (
    <Notice
      actions={
        <>
          {out && (
            // In another window: this one keeps what waits here.
            <a
              href={sitePath(`/sign-in?next=${encodeURIComponent(`/reviews/${queueId}/work`)}`)}
              target="_blank"
              rel="noreferrer"
              className={buttonStyle({ size: 'small' })}
            >
              {t('stopped.signIn')}
            </a>
          )}
          <Button size="small" onClick={onRetry}>
            {t('stopped.retry')}
          </Button>
        </>
      }
    >
      <strong className="font-semibold">{out ? t('stopped.out') : say(problem)}</strong>{' '}
      {t('stopped.kept', { count: waiting })}
    </Notice>
  );
}
