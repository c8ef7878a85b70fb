'use client';

import { useQuery } from '@tanstack/react-query';
import { Eye, MessageCircleQuestion, WandSparkles } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { Button } from '../../_ui/button';
import { Dialog, DialogContent } from '../../_ui/dialog';
import { useTRPC } from '../../_trpc/client';
import { continueFrom } from '../../_request/draft';
import { useErrorText } from '../../_ui/error-text';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { cancelUpload } from '../composer/upload';
import { LineageTree } from './lineage-tree';

interface LineageDialogProps {
  generation: GenerationView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Shows a result; without it there is no button for that. */
  onOpen?: (generation: GenerationView) => void;
}

/** How a result came about and what came of it: a tree to walk, each of its results a place to go on from. */
export function LineageDialog({ generation, open, onOpenChange, onOpen }: LineageDialogProps) {
  const t = useTranslations('history.lineage');
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={t('title')} description={t('description')} className="max-w-2xl">
        <LineageContent
          generation={generation}
          onOpen={onOpen && ((one) => (onOpenChange(false), onOpen(one)))}
          onContinued={() => onOpenChange(false)}
        />
      </DialogContent>
    </Dialog>
  );
}

interface ContentProps {
  generation: GenerationView;
  onOpen?: (generation: GenerationView) => void;
  onContinued: () => void;
}

function LineageContent({ generation, onOpen, onContinued }: ContentProps) {
  const t = useTranslations('history.lineage');
  const words = useTranslations('history');
  const common = useTranslations('common');
  const problem = useErrorText();
  const trpc = useTRPC();
  const { data, isError, error, refetch } = useQuery(
    trpc.history.lineage.queryOptions({ id: generation.id }),
  );
  const [id, setId] = useState(generation.id);
  const chosen = data?.nodes.find((node) => node.id === id) ?? generation;
  const picture = chosen.picture ?? chosen.source;
  const goOn = (task: 'edit' | 'understand') => () => {
    cancelUpload();
    continueFrom(chosen, task);
    onContinued();
  };
  return (
    <>
      <div className="min-h-56 flex-1 overflow-y-auto overscroll-contain px-3 py-1">
        {isError ? (
          <div role="alert" className="flex flex-col items-center gap-3 py-8 text-sm">
            {t('failed', { reason: problem(error) })}
            <Button size="small" onClick={() => void refetch()}>
              {common('retry')}
            </Button>
          </div>
        ) : (
          data && <LineageTree nodes={data.nodes} currentId={generation.id} chosenId={id} onChoose={setId} />
        )}
        {data?.more && (
          <p className="text-muted px-1 py-2 text-[13px]">{t('more', { count: data.nodes.length })}</p>
        )}
      </div>
      <div className="border-line bg-surface flex gap-3 border-t p-3">
        {picture && <Thumbnail image={picture} className="size-24 shrink-0 rounded-lg sm:size-28" />}
        <div className="flex min-w-0 flex-1 flex-col">
          <p className="text-muted text-xs">{words(`tasks.${chosen.task}`)}</p>
          <p lang={chosen.language} className="line-clamp-2 text-sm break-words">
            {chosen.prompt}
          </p>
          {chosen.text && (
            <p lang={chosen.language} className="line-clamp-2 text-sm font-medium break-words">
              {chosen.text}
            </p>
          )}
          <div className="mt-auto flex flex-wrap gap-1.5 pt-2">
            {onOpen && (
              <Button size="small" onClick={() => onOpen(chosen)}>
                <Eye aria-hidden /> {t('show')}
              </Button>
            )}
            {picture && (
              <>
                <Button size="small" onClick={goOn('edit')}>
                  <WandSparkles aria-hidden /> {t('edit')}
                </Button>
                <Button size="small" onClick={goOn('understand')}>
                  <MessageCircleQuestion aria-hidden /> {t('ask')}
                </Button>
              </>
            )}
          </div>
        </div>
      </div>
    </>
  );
}
