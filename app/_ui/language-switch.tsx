'use client';

import { Languages } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useId, useTransition } from 'react';
import { cookiePath } from '@/server/platform/env/site-path';
import { localeCookie, locales, nameOf, type Locale } from '../_i18n/locale';
import { Button } from './button';
import { NativePopover } from './native-popover';

const year = 365 * 24 * 60 * 60;

/** Remembers the language of the page for a year; the server's next answer is in it. */
export function rememberLocale(locale: Locale): void {
  document.cookie = `${localeCookie}=${locale}; path=${cookiePath()}; max-age=${year}; samesite=lax`;
}

/**
 * Says the page in another language at once; what stands in the form stays.
 * @param offered the languages that there are: of two, one press takes the other; of more, a panel has them
 */
export function LanguageSwitch({ offered = locales }: { offered?: readonly Locale[] }) {
  const t = useTranslations('common');
  const locale = useLocale();
  const router = useRouter();
  const id = useId();
  const [pending, startTransition] = useTransition();
  const others = offered.filter((one) => one !== locale);
  const [other] = others;
  if (other === undefined) return null;
  const take = (chosen: Locale) => {
    rememberLocale(chosen);
    startTransition(() => router.refresh());
  };
  const look = { variant: 'ghost', size: 'small', 'aria-disabled': pending } as const;
  if (others.length === 1)
    return (
      <Button
        {...look}
        className="tip tip-below tip-end px-2"
        aria-label={t('languageNow', { language: nameOf(locale), next: nameOf(other) })}
        data-tip={t('language')}
        onClick={() => take(other)}
      >
        <Languages aria-hidden />
        <span lang={other} className="max-sm:sr-only">
          {nameOf(other)}
        </span>
      </Button>
    );
  return (
    <>
      <Button
        {...look}
        className="px-2"
        popoverTarget={id}
        aria-label={`${t('language')}: ${nameOf(locale)}`}
      >
        <Languages aria-hidden />
        <span className="max-sm:sr-only">{nameOf(locale)}</span>
      </Button>
      <NativePopover
        id={id}
        className="border-line bg-surface text-ink fixed inset-auto top-12 right-3 m-0 min-w-40 rounded-xl border p-1 shadow-xl"
      >
        {others.map((one) => (
          <button
            key={one}
            type="button"
            lang={one}
            className="hover:bg-sunken block w-full rounded-lg px-3 py-2 text-left text-sm"
            onClick={() => take(one)}
          >
            {nameOf(one)}
          </button>
        ))}
      </NativePopover>
    </>
  );
}
