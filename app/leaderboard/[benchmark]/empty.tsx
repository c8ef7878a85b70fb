'use client';

import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { Button, buttonStyle } from '../../_ui/button';
import { PageLink } from '../../_ui/page-link';

export function NothingHere() {
  const t = useTranslations('leaderboard.empty');
  return (
    <div className="border-line mt-6 rounded-xl border border-dashed px-4 py-14 text-center">
      <p className="text-muted">{t('none')}</p>
      <PageLink href="/runs" className={buttonStyle({ className: 'mt-4' })}>
        {t('start')}
      </PageLink>
    </div>
  );
}

export function NoMatch({ onReset }: { onReset: () => void }) {
  const t = useTranslations('leaderboard.empty');
  return (
    <div className="border-line mt-4 rounded-xl border border-dashed px-4 py-14 text-center">
      <p className="text-muted">{t('noMatch')}</p>
      <Button className="mt-4" onClick={onReset}>
        {t('reset')}
      </Button>
    </div>
  );
}

/** The server could not read the table. */
export function Unreachable() {
  const t = useTranslations('leaderboard.empty');
  const router = useRouter();
  const [pending, start] = useTransition();
  return (
    <p role="alert" className="mt-8 flex flex-wrap items-center gap-3">
      {t('failed')}
      <Button size="small" aria-disabled={pending} onClick={() => start(() => router.refresh())}>
        {t('retry')}
      </Button>
    </p>
  );
}
