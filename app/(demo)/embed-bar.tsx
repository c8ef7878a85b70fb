'use client';

import { ExternalLink } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { buttonStyle } from '../_ui/button';
import { ModelButton } from '../_ui/model-header';

/**
 * What stands over the demo in a frame of another site. Its one link opens a tab: within the frame no other page of the
 * site may come up, for whoever frames it could lay something over it.
 */
export function EmbedBar({ tools }: { tools: ReactNode }) {
  const t = useTranslations('demo.embed');
  return (
    <header className="border-line bg-surface flex h-11 shrink-0 items-center gap-1 border-b px-2">
      <h1 className="sr-only">{t('title')}</h1>
      <ModelButton />
      <div className="ml-auto flex items-center gap-1">
        {tools}
        <a
          href={sitePath('/')}
          target="_blank"
          rel="noopener"
          className={buttonStyle({ variant: 'ghost', size: 'small' })}
        >
          <ExternalLink aria-hidden />
          <span className="max-sm:sr-only">{t('open')}</span>
        </a>
      </div>
    </header>
  );
}
