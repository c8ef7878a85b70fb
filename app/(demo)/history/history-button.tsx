'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '../../_components/button';
import { HistoryPanel } from '../lazy';

/** Opens the history. */
export function HistoryButton() {
  const t = useTranslations('history');
  const [open, setOpen] = useState(false);
  // Loaded when it is first wanted, then kept, so that it can close in peace.
  const [wanted, setWanted] = useState(false);
  return (
    <>
      <IconButton
        label={t('open')}
        className="tip-below"
        onClick={() => {
          setWanted(true);
          setOpen(true);
        }}
      >
        <History aria-hidden />
      </IconButton>
      {wanted && <HistoryPanel open={open} onOpenChange={setOpen} />}
    </>
  );
}
