'use client';

import { FileDown, Flag, ListTree, Share2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { buttonStyle, IconButton } from '../../_components/button';
import { cn } from '../../_components/cn';
import { LineageDialog } from '../lineage/lineage-dialog';
import { FlagDialog } from '../sharing/flag-dialog';
import { ShareDialog } from '../sharing/share-dialog';
import { exportUrl } from './conversations';

/** Lineage, link, conversation and report of a result, as icon buttons. */
export function LibraryActions({ generation }: { generation: GenerationView }) {
  const t = useTranslations();
  const [shown, setShown] = useState<'lineage' | 'share' | 'flag' | null>(null);
  const at = (name: typeof shown) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => setShown(open ? name : null),
  });
  const done = generation.state === 'done';
  return (
    <>
      <IconButton label={t('history.lineage.title')} onClick={() => setShown('lineage')}>
        <ListTree aria-hidden />
      </IconButton>
      {done && (
        <>
          <IconButton label={t('sharing.share.open')} onClick={() => setShown('share')}>
            <Share2 aria-hidden />
          </IconButton>
          <a
            href={exportUrl(generation)}
            download
            aria-label={t('history.export')}
            data-tip={t('history.export')}
            className={cn(buttonStyle({ variant: 'ghost', size: 'icon' }), 'tip')}
          >
            <FileDown aria-hidden />
          </a>
        </>
      )}
      <IconButton label={t('sharing.flag.open')} onClick={() => setShown('flag')}>
        <Flag aria-hidden />
      </IconButton>
      <LineageDialog generation={generation} {...at('lineage')} />
      <ShareDialog generation={generation} {...at('share')} />
      <FlagDialog target={{ id: generation.id }} {...at('flag')} />
    </>
  );
}
