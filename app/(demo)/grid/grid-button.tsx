'use client';

import { Grid3x3 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '../../_ui/button';
import { useOnceOpen } from '../../_ui/use-once-open';
import { useDraft } from '../../_request/draft';
import { GridDialog } from '../lazy';

/** Opens the dialog in which a grid over one or two parameters is asked for; questions have none. */
export function GridButton() {
  const t = useTranslations('grid');
  const [open, setOpen] = useState(false);
  const wanted = useOnceOpen(open);
  if (useDraft().task === 'understand') return null;
  return (
    <>
      <IconButton label={t('open')} className="tip-below" onClick={() => setOpen(true)}>
        <Grid3x3 aria-hidden />
      </IconButton>
      {wanted && <GridDialog open={open} onOpenChange={setOpen} />}
    </>
  );
}
