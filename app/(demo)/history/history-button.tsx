'use client';

import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '../../_ui/button';
import { useOnceOpen } from '../../_ui/use-once-open';
import { HistoryPanel } from '../lazy';

/** Opens the history. */
export function HistoryButton() {
  const t = useTranslations('history');
  const [open, setOpen] = useState(false);
  const wanted = useOnceOpen(open);
  return (
    <>
      <IconButton label={t('open')} className="tip-below" onClick={() => setOpen(true)}>
        <History aria-hidden />
      </IconButton>
      {wanted && <HistoryPanel open={open} onOpenChange={setOpen} />}
    </>
  );
}
