'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageFrame } from '../../_ui/page-frame';
import { Tabs, type Tab } from './tabs';

interface FrameProps {
  tabs: readonly Tab[];
  /** The benchmark of the page; null for the overview. */
  current: string | null;
  title: ReactNode;
  intro: string;
  children: ReactNode;
}

/** Header, title and tabs of the leaderboard's pages. */
export function Frame({ tabs, current, title, intro, children }: FrameProps) {
  const t = useTranslations('leaderboard');
  return (
    <PageFrame className="max-w-[110rem] px-4 pt-5 pb-12">
      {current !== null && <p className="text-muted text-[13px]">{t('title')}</p>}
      <h2 className="flex flex-wrap items-baseline gap-x-3 text-2xl font-semibold tracking-tight">{title}</h2>
      <p className="text-muted mt-1 mb-4 max-w-prose text-sm leading-6 text-pretty">{intro}</p>
      <Tabs tabs={tabs} current={current} />
      {children}
    </PageFrame>
  );
}
