'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSyncExternalStore } from 'react';
import { Button } from './button';
import { readTheme, setTheme, subscribeTheme, type Theme } from './theme';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const icons = { system: Monitor, light: Sun, dark: Moon };

export function ThemeToggle() {
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
