'use client';

import { ChevronDown } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '../_components/button';
import { cn } from '../_components/cn';
import { LanguageSwitch } from '../_components/language-switch';
import { Logo } from '../_components/logo';
import { PageLink } from '../_components/page-link';
import { ThemeToggle } from '../_components/theme-toggle';
import { noticeOf } from './notice-text';
import { useModel } from './use-model';

interface HeaderProps {
  /** Buttons of the page, beside the model. */
  tools?: ReactNode;
}

export function Header({ tools }: HeaderProps) {
  return (
    <header className="border-line bg-surface flex h-13 shrink-0 items-center gap-2 border-b px-3 sm:gap-4 sm:px-4">
      <h1 className="flex shrink-0 items-center gap-2.5 text-[15px] font-semibold tracking-tight">
        <Logo className="size-7 shrink-0" />
        <span className="max-sm:sr-only">
          Nexus-Gen <span className="text-muted font-normal max-md:sr-only">Studio</span>
        </span>
      </h1>
      <Pages />
      <div className="ml-auto flex min-w-0 items-center gap-0.5 sm:gap-1">
        <ModelButton />
        {tools}
        <LanguageSwitch />
        <ThemeToggle />
      </div>
    </header>
  );
}

const pages = [
  { href: '/', word: 'studio' },
  { href: '/developers', word: 'api' },
] as const;

function Pages() {
  const t = useTranslations('demo.header');
  const path = usePathname();
  return (
    <nav aria-label={t('pages')} className="flex items-center sm:gap-0.5">
      {pages.map(({ href, word }) => {
        const here = path === href;
        return (
          <PageLink
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={cn(
              'rounded-lg px-2 py-1.5 text-[13px] font-medium whitespace-nowrap transition-colors sm:px-2.5',
              here ? 'text-ink bg-sunken' : 'text-muted hover:bg-sunken hover:text-ink',
            )}
          >
            {t(word)}
          </PageLink>
        );
      })}
    </nav>
  );
}

/** Which model answers, and what it was made for. */
function ModelButton() {
  const t = useTranslations('demo.header');
  const locale = useLocale();
  const { data: model, failureCount } = useModel();
  const state = !model ? (failureCount > 0 ? 'unreachable' : 'loading') : model.ready ? 'ready' : 'starting';
  const words = t(`states.${state}`);
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="min-w-0 shrink"
        popoverTarget="model-details"
        aria-label={
          model
            ? t('model', { name: `${model.name} ${model.version}`, state: words })
            : t('modelUnknown', { state: words })
        }
      >
        <span
          aria-hidden
          className={cn(
            'size-2 shrink-0 rounded-full',
            state === 'ready' && 'bg-accent',
            state === 'unreachable' && 'bg-danger',
            (state === 'starting' || state === 'loading') && 'animate-sheen bg-line-strong',
          )}
        />
        <span className="truncate">{model ? `${model.name} ${model.version}` : words}</span>
        <ChevronDown aria-hidden className="size-3.5!" />
      </Button>
      <div
        id="model-details"
        popover="auto"
        role="dialog"
        aria-label={t('about')}
        className="border-line bg-surface text-ink fixed inset-auto top-12 right-3 m-0 w-84 max-w-[calc(100vw-1.5rem)] rounded-xl border p-4 shadow-xl"
      >
        {model ? (
          <>
            <p className="font-semibold">{model.name}</p>
            <p lang={noticeOf(model, locale).lang} className="mt-1.5 text-sm leading-6 text-pretty">
              {noticeOf(model, locale).text}
            </p>
            <dl className="border-line mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 border-t pt-3 text-[13px]">
              <dt className="text-muted">{t('state')}</dt>
              <dd>{words}</dd>
              <dt className="text-muted">{t('version')}</dt>
              <dd>{model.version}</dd>
              <dt className="text-muted">{t('device')}</dt>
              <dd>{model.device}</dd>
              <dt className="text-muted">{t('manifest')}</dt>
              <dd className="truncate font-mono text-xs leading-5" title={model.hash}>
                {model.hash}
              </dd>
            </dl>
          </>
        ) : (
          <p className="text-sm">{words}</p>
        )}
      </div>
    </>
  );
}
