'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import type { Overview } from '@/server/evaluation/leaderboard/schema';
import { cn } from '../../_ui/cn';
import { PageLink } from '../../_ui/page-link';

export type Tab = Pick<Overview['benchmarks'][number], 'name' | 'title' | 'measured' | 'published'>;

/** The name that the ablations' page has among the benchmarks'. */
export const ablationsTab = 'ablations';

/** The overview, the ablations and every benchmark, as links. Scrolls sideways where there is no room for all. */
export function Tabs({ tabs, current }: { tabs: readonly Tab[]; current: string | null }) {
  const t = useTranslations('leaderboard.tabs');
  const here = useRef<HTMLAnchorElement>(null);
  // Without moving the page itself.
  useEffect(() => {
    const link = here.current;
    const list = link?.closest('nav');
    // Where it is in sight already, somebody may have scrolled.
    if (!link || !list || link.offsetLeft + link.offsetWidth <= list.clientWidth) return;
    list.scrollLeft = link.offsetLeft - (list.clientWidth - link.clientWidth) / 2;
  }, [current]);
  return (
    <nav aria-label={t('name')} className="relative -mx-4 [scrollbar-width:none] overflow-x-auto px-4">
      <ul className="flex w-max gap-1.5">
        <Item href="/leaderboard" current={current === null} ref={here}>
          {t('overview')}
        </Item>
        <Item href="/leaderboard/ablations" current={current === ablationsTab} ref={here}>
          {t('ablations')}
        </Item>
        {tabs.map(({ name, title, measured, published }) => (
          <Item
            key={name}
            href={`/leaderboard/${encodeURIComponent(name)}`}
            current={name === current}
            ref={here}
          >
            {title}
            <span className="text-muted ml-1.5 text-xs tabular-nums" aria-hidden>
              {measured + published}
            </span>
            <span className="sr-only">, {t('count', { measured, published })}</span>
          </Item>
        ))}
      </ul>
    </nav>
  );
}

function Item(props: {
  href: string;
  current: boolean;
  ref: React.RefObject<HTMLAnchorElement | null>;
  children: React.ReactNode;
}) {
  const { href, current, ref, children } = props;
  return (
    <li>
      <PageLink
        href={href}
        ref={current ? ref : undefined}
        aria-current={current ? 'page' : undefined}
        className={cn(
          'inline-flex h-8 items-center rounded-full border px-3 text-[13px] font-medium whitespace-nowrap transition-colors',
          current
            ? 'border-ink bg-surface text-ink'
            : 'border-line text-muted hover:border-line-strong hover:text-ink',
        )}
      >
        {children}
      </PageLink>
    </li>
  );
}
