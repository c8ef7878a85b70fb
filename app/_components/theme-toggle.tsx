'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from './button';
import { readTheme, setTheme, subscribeTheme, type Theme } from './theme';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const words: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };
const icons = { system: Monitor, light: Sun, dark: Moon };

export function ThemeToggle() {
  const theme = useSyncExternalStore(subscribeTheme, readTheme, () => 'system' as const);
  const Icon = icons[theme];
  return (
    <Button
      variant="ghost"
      size="icon"
      className="tip tip-below tip-end"
      data-tip={`Theme: ${words[theme]}`}
      aria-label={`Theme: ${words[theme]}. Change to ${words[next[theme]]}`}
      onClick={() => setTheme(next[theme])}
    >
      <Icon aria-hidden />
    </Button>
  );
}
