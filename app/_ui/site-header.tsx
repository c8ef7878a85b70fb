'use client';

import { ChevronDown, Monitor, Moon, Sun } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore, type ReactNode } from 'react';
import { AccountMenu } from './account-menu';
import { Button } from './button';
import { cn } from './cn';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';
import { useMe } from './current-user';
import { NativePopover } from './native-popover';
import { PageLink } from './page-link';
import { readTheme, setTheme, subscribeTheme, type Theme } from './theme';

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
      <div className="ml-auto flex min-w-0 items-center gap-0.5 sm:gap-1">
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

/** In a row where there is room for it, else in a menu that names where one is. */
function Pages() {
  const t = useTranslations('common.header');
  const path = usePathname();
  const me = useMe();
  const shown = pages
    .filter((page) => !('team' in page) || me !== null)
    .map(({ href, word }) => ({
      href,
      name: t(word),
      current: href === '/' ? path === href : path === href || path.startsWith(`${href}/`),
    }));
  const here = shown.find(({ current }) => current)?.name ?? t('pages');
  return (
    <>
      <nav aria-label={t('pages')} className="flex items-center gap-0.5 max-md:hidden">
        {shown.map((page) => (
          <PageLinkOf key={page.href} {...page} className="px-2.5 py-1.5 text-[13px]" />
        ))}
      </nav>
      <nav aria-label={t('pages')} className="md:hidden">
        <Button variant="ghost" size="small" popoverTarget="site-pages" aria-label={t('menu', { here })}>
          {here}
          <ChevronDown aria-hidden className="size-3.5!" />
        </Button>
        <NativePopover
          id="site-pages"
          className="border-line bg-surface fixed inset-auto top-12 left-3 m-0 w-56 rounded-xl border p-1.5 shadow-xl"
        >
          {shown.map((page) => (
            <PageLinkOf key={page.href} {...page} className="block px-3 py-2.5 text-sm" />
          ))}
        </NativePopover>
      </nav>
    </>
  );
}

interface PageLinkOfProps {
  href: string;
  name: string;
  current: boolean;
  className: string;
}

function PageLinkOf({ href, name, current, className }: PageLinkOfProps) {
  return (
    <PageLink
      href={href}
      aria-current={current ? 'page' : undefined}
      className={cn(
        'rounded-lg font-medium whitespace-nowrap transition-colors',
        current ? 'text-ink bg-sunken' : 'text-muted hover:bg-sunken hover:text-ink',
        className,
      )}
    >
      {name}
    </PageLink>
  );
}

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: Monitor, light: Sun, dark: Moon };

function ThemeToggle() {
  const t = useTranslations('common');
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => 'system' as const);
  const Icon = icons[theme];
  const now = t(`themes.${theme}`);
  return (
    <Button
      variant="ghost"
      size="icon"
      className="tip tip-below tip-end"
      data-tip={t('theme', { theme: now })}
      aria-label={t('themeChange', { theme: now, next: t(`themes.${next[theme]}`) })}
      onClick={() => setTheme(next[theme])}
    >
      <Icon aria-hidden />
    </Button>
  );
}
