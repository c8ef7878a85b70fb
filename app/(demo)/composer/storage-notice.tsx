'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { forgets, onForgets } from '../../_trpc/site-fetch';

type Loss = 'sandboxed' | 'forgotten';

const lossHere = (): Loss | null => (self.origin === 'null' ? 'sandboxed' : forgets() ? 'forgotten' : null);

/** Says so where results will be gone with the page, or where a frame keeps the page from its server. */
export function StorageNotice() {
  const t = useTranslations('demo.kept');
  const loss = useSyncExternalStore(onForgets, lossHere, () => null);
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
