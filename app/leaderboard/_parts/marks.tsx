'use client';

import { BookOpen, CircleAlert, CircleDashed, Gauge } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { marksOf } from '@/server/evaluation/leaderboard/facts';
import type { LeaderboardRow } from '@/server/evaluation/leaderboard/schema';
import { cn } from '../../_ui/cn';

type Kind = LeaderboardRow['kind'];

/** Tells measured from published by shape and word. `bare`: the word for screen readers only. */
export function KindMark({ kind, bare = false }: { kind: Kind; bare?: boolean }) {
  const t = useTranslations('leaderboard.mark');
  const Icon = kind === 'measured' ? Gauge : BookOpen;
  return (
    <span
      title={bare ? t(kind) : undefined}
      className={cn('inline-flex items-center gap-1', kind === 'measured' ? 'text-accent' : 'text-muted')}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span className={bare ? 'sr-only' : undefined}>{t(kind)}</span>
    </span>
  );
}

/** What else is to be known of a row before its figures are believed. */
export function RowMarks({ row, main }: { row: LeaderboardRow; main: string }) {
  const t = useTranslations('leaderboard.mark');
  return marksOf(row, main).map((one) => {
    if (one.mark === 'incomplete')
      return <Warning key={one.mark} icon="dashed" word={t('incomplete')} hint={t('incompleteHint')} />;
    if (one.mark === 'inconsistent')
      return (
        <Warning
          key={one.mark}
          icon="alert"
          word={t('inconsistent')}
          hint={t('inconsistentHint', { overall: one.overall, mean: one.mean })}
        />
      );
    return (
      <span key={one.mark} title={one.mark === 'recorded' ? t('recordedHint') : undefined}>
        {t(one.mark)}
      </span>
    );
  });
}

function Warning({ icon, word, hint }: { icon: 'dashed' | 'alert'; word: string; hint: string }) {
  const Icon = icon === 'dashed' ? CircleDashed : CircleAlert;
  return (
    <span className="text-danger inline-flex items-center gap-1 font-medium" title={hint}>
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {word}
      <span className="sr-only">: {hint}</span>
    </span>
  );
}
