'use client';

import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, type ReactNode } from 'react';
import { AccountMenu } from './account-menu';
import { cn } from './cn';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';
import { useMe } from './me';
import { PageLink } from './page-link';
import { ThemeToggle } from './theme-toggle';

/** The header of every page. `tools`: buttons of the page, before language and theme. */
export function SiteHeader({ tools }: { tools?: ReactNode }) {
  return (
    <header className="border-line bg-surface flex h-13 shrink-0 items-center gap-2 border-b px-3 sm:gap-4 sm:px-4">
      <h1 className="flex shrink-0 items-center gap-2.5 text-[15px] font-semibold tracking-tight">
        <Logo className="size-7 shrink-0" />
        <span className="max-md:sr-only">
          Nexus-Gen <span className="text-muted font-normal max-lg:sr-only">Studio</span>
        </span>
      </h1>
      <Pages />
      <div className="ml-auto flex min-w-0 shrink-0 items-center gap-0.5 sm:gap-1">
        {tools}
        <LanguageSwitch />
        <ThemeToggle />
        <AccountMenu />
      </div>
    </header>
  );
}

const pages = [
  { href: '/', word: 'studio' },
  { href: '/leaderboard', word: 'leaderboard' },
  { href: '/runs', word: 'runs' },
  { href: '/reviews', word: 'reviews', team: true },
  { href: '/developers', word: 'api' },
] as const;

/** Scrolls sideways where there is no room for all of them. */
function Pages() {
  const t = useTranslations('common.header');
  const path = usePathname();
  const me = useMe();
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which is no clean-up.
    void here.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  return (
    <nav
      aria-label={t('pages')}
      className="flex min-w-0 [scrollbar-width:none] items-center overflow-x-auto sm:gap-0.5"
    >
      {pages
        .filter((page) => !('team' in page) || me !== null)
        .map(({ href, word }) => {
          const current = href === '/' ? path === href : path === href || path.startsWith(`${href}/`);
          return (
            <PageLink
              key={href}
              href={href}
              ref={current ? here : undefined}
              aria-current={current ? 'page' : undefined}
              className={cn(
                'rounded-lg px-2 py-1.5 text-[13px] font-medium whitespace-nowrap transition-colors sm:px-2.5',
                current ? 'text-ink bg-sunken' : 'text-muted hover:bg-sunken hover:text-ink',
              )}
            >
              {t(word)}
            </PageLink>
          );
        })}
    </nav>
  );
}
