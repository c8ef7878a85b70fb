'use client';

import { Languages } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { cookiePath } from '@/server/platform/env/site-path';
import { localeCookie, type Locale } from '../_i18n/locale';
import { Button } from './button';

const next: Record<Locale, Locale> = { en: 'zh', zh: 'en' };
const year = 365 * 24 * 60 * 60;

/** Remembers the language of the page for a year; the server's next answer is in it. */
export function rememberLocale(locale: Locale): void {
  document.cookie = `${localeCookie}=${locale}; path=${cookiePath()}; max-age=${year}; samesite=lax`;
}

/** Says the page in its other language at once; what stands in the form stays. */
export function LanguageSwitch() {
  const t = useTranslations('common');
  const locale = useLocale();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const other = next[locale];
  const label = t('languageNow', { language: t(`languages.${locale}`), next: t(`languages.${other}`) });
  return (
    <Button
      variant="ghost"
      size="small"
      className="tip tip-below tip-end px-2"
      aria-label={label}
      data-tip={t('language')}
      aria-disabled={pending}
      onClick={() => {
        rememberLocale(other);
        startTransition(() => router.refresh());
      }}
    >
      <Languages aria-hidden />
      <span lang={other} className="max-sm:sr-only">
        {t(`languages.${other}`)}
      </span>
    </Button>
  );
}
