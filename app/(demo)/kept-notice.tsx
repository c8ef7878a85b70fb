'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { sitePath } from '@/server/env/site-path';
import { forgets } from '../_trpc/site-fetch';

type Loss = 'sandboxed' | 'forgotten';

const noNews = () => () => undefined;
let found: { loss: Loss | null } | null = null;

/** What the browser withholds from this page; it is not asked twice. */
function lossHere(): Loss | null {
  if (found === null) found = { loss: self.origin === 'null' ? 'sandboxed' : forgets() ? 'forgotten' : null };
  return found.loss;
}

/** Says so where results will be gone with the page, or where a frame keeps the page from its server. */
export function KeptNotice() {
  const t = useTranslations('demo.kept');
  const loss = useSyncExternalStore(noNews, lossHere, () => null);
  if (!loss) return null;
  return (
    <p role="alert" className="text-muted mb-2 flex items-start justify-center gap-2 text-[13px] leading-5">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {t(loss)}{' '}
        <a
          href={sitePath('/')}
          target="_blank"
          rel="noopener"
          className="text-accent underline underline-offset-2"
        >
          {t('open')}
        </a>
      </span>
    </p>
  );
}
