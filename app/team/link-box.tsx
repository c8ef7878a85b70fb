'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef, type ReactNode } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { Button } from '../_ui/button';
import { CopyButton } from '../_ui/copy-button';

interface LinkBoxProps {
  title: string;
  children: ReactNode;
  /** `/join/…` or `/reset/…` */
  path: string;
  onDone: () => void;
}

/** A link that is shown this once. */
export function LinkBox({ title, children, path, onDone }: LinkBoxProps) {
  const t = useTranslations('accounts.team');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const link = `${location.origin}${sitePath(path)}`;
  return (
    <div
      ref={box}
      role="group"
      aria-label={title}
      tabIndex={-1}
      className="border-accent bg-accent-soft mt-4 rounded-xl border p-4 outline-none"
    >
      <p className="text-sm font-semibold">{title}</p>
      <p className="mt-1 text-sm leading-6 text-pretty [overflow-wrap:anywhere]">{children}</p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <input
          readOnly
          aria-label={t('link')}
          value={link}
          onFocus={(event) => event.target.select()}
          className="border-line-strong bg-surface focus-visible:outline-accent h-9 min-w-0 flex-1 basis-56 rounded-lg border px-3 font-mono text-[13px] focus-visible:outline-2"
        />
        <CopyButton text={link} label={t('copyLink')} variant="primary" className="h-9" />
        <Button onClick={onDone}>{t('done')}</Button>
      </div>
    </div>
  );
}
