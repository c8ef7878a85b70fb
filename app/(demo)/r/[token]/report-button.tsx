'use client';

import { Flag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FlagDialog } from '../../sharing/flag-dialog';
import { Button } from '../../../_ui/button';

export function ReportButton({ token }: { token: string }) {
  const t = useTranslations('sharing.page');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="ghost" onClick={() => setOpen(true)}>
        <Flag aria-hidden /> {t('report')}
      </Button>
      <FlagDialog target={{ token }} open={open} onOpenChange={setOpen} />
    </>
  );
}
