'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { IconButton } from '../../_components/button';
import { HistoryPanel } from './history-panel';

/** Opens the history. */
export function HistoryButton({ actions }: { actions?: (generation: GenerationView) => ReactNode }) {
  const t = useTranslations('history');
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t('open')} className="tip-below" onClick={() => setOpen(true)}>
        <History aria-hidden />
      </IconButton>
      <HistoryPanel open={open} onOpenChange={setOpen} actions={actions} />
    </>
  );
}
