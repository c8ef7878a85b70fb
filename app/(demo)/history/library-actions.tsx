'use client';

import {
  Columns2,
  FileDown,
  Flag,
  ListTree,
  MessageCircleQuestion,
  Share2,
  SlidersHorizontal,
  WandSparkles,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button, IconButton } from '../../_ui/button';
import { pickForCompare } from '../compare/store';
import { continueFrom, recall } from '../../_request/draft';
import { pictureOf } from '../result/result-format';
import { LineageDialog } from '../lineage/lineage-dialog';
import { FlagDialog } from '../sharing/flag-dialog';
import { ShareDialog } from '../sharing/share-dialog';
import { cancelUpload } from '../composer/upload';
import { useExport } from './use-export';

interface LibraryActionsProps {
  generation: GenerationView;
  /** Called when the form was filled, or the page is needed for what comes next. */
  onLeave: () => void;
}

/** What can be done with a result out of the history. */
export function LibraryActions({ generation, onLeave }: LibraryActionsProps) {
  const t = useTranslations();
  const save = useExport();
  const [shown, setShown] = useState<'lineage' | 'share' | 'flag' | null>(null);
  const at = (name: typeof shown) => ({
    open: shown === name,
    onOpenChange: (open: boolean) => setShown(open ? name : null),
  });
  const done = generation.state === 'done';
  // The dialogs let go of the focus first.
  const leaving = (act: () => void) => () => {
    onLeave();
    cancelUpload();
    requestAnimationFrame(act);
  };
  return (
    <div className="mt-auto flex flex-wrap items-center gap-1">
      {pictureOf(generation) && (
        <>
          <Button size="small" onClick={leaving(() => continueFrom(generation, 'edit'))}>
            <WandSparkles aria-hidden /> {t('results.actions.edit')}
          </Button>
          <Button size="small" onClick={leaving(() => continueFrom(generation, 'understand'))}>
            <MessageCircleQuestion aria-hidden /> {t('results.actions.ask')}
          </Button>
        </>
      )}
      <div className="-ml-2 flex flex-wrap items-center">
        <IconButton label={t('results.actions.use')} onClick={leaving(() => recall(generation))}>
          <SlidersHorizontal aria-hidden />
        </IconButton>
        {generation.picture && (
          <IconButton label={t('compare.compare')} onClick={leaving(() => pickForCompare(generation))}>
            <Columns2 aria-hidden />
          </IconButton>
        )}
        <IconButton label={t('history.lineage.title')} onClick={() => setShown('lineage')}>
          <ListTree aria-hidden />
        </IconButton>
        {done && (
          <>
            <IconButton label={t('sharing.share.open')} onClick={() => setShown('share')}>
              <Share2 aria-hidden />
            </IconButton>
            <IconButton label={t('history.export')} onClick={() => save(generation)}>
              <FileDown aria-hidden />
            </IconButton>
          </>
        )}
        <IconButton label={t('sharing.flag.open')} onClick={() => setShown('flag')}>
          <Flag aria-hidden />
        </IconButton>
      </div>
      <LineageDialog generation={generation} {...at('lineage')} />
      <ShareDialog generation={generation} {...at('share')} />
      <FlagDialog target={{ id: generation.id }} {...at('flag')} />
    </div>
  );
}
