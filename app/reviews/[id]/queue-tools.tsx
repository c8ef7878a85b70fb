import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, Ellipsis, Lock, LockOpen, PenLine } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { QueueDetail } from '@/server/reviews/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { Button, buttonStyle } from '../../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { useErrorText } from '../../_ui/error-text';
import { useMe } from '../../_ui/current-user';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../_ui/menu';
import { toast } from '../../_ui/toaster';
import { useTRPC } from '../../_trpc/client';
import { EditQueue } from './edit-queue';
import { mayChange } from './may-change';

/** Exports for everybody of the team; closing and editing for whoever made the queue, and admins. */
export function QueueTools({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.tools');
  const me = useMe();
  const [asked, setAsked] = useState<'close' | 'edit' | null>(null);
  const change = useChange(queue);
  const may = mayChange(me, queue);
  return (
    <>
      <Menu modal={false}>
        <MenuTrigger className={buttonStyle()}>
          <Download aria-hidden />
          {t('export')}
        </MenuTrigger>
        <MenuContent>
          {(['jsonl', 'csv'] as const).map((format) => (
            <MenuItem key={format} asChild>
              <a href={sitePath(`/api/reviews/${queue.id}/export?format=${format}`)} download>
                <Download aria-hidden />
                {t(format)}
              </a>
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
      {may && (
        <Menu modal={false}>
          <MenuTrigger className={buttonStyle({ size: 'icon', className: 'size-9' })} aria-label={t('more')}>
            <Ellipsis aria-hidden />
          </MenuTrigger>
          <MenuContent>
            <MenuItem onSelect={() => setAsked('edit')}>
              <PenLine aria-hidden />
              {t('edit')}
            </MenuItem>
            {queue.state === 'open' ? (
              <MenuItem onSelect={() => setAsked('close')}>
                <Lock aria-hidden />
                {t('close')}
              </MenuItem>
            ) : (
              <MenuItem onSelect={() => void change.to('open')}>
                <LockOpen aria-hidden />
                {t('reopen')}
              </MenuItem>
            )}
          </MenuContent>
        </Menu>
      )}
      <Dialog open={asked === 'close'} onOpenChange={(open) => !open && setAsked(null)}>
        <DialogContent
          title={t('closeTitle', { name: queue.name })}
          description={t('closeText')}
          className="max-w-sm [overflow-wrap:anywhere]"
        >
          <DialogBody className="flex justify-end gap-2 pt-3">
            <Button onClick={() => setAsked(null)}>{t('keep')}</Button>
            <Button
              variant="primary"
              aria-disabled={change.isPending}
              onClick={() => void change.to('closed').then((done) => done && setAsked(null))}
            >
              {t('close')}
            </Button>
          </DialogBody>
        </DialogContent>
      </Dialog>
      <Dialog open={asked === 'edit'} onOpenChange={(open) => !open && setAsked(null)}>
        {asked === 'edit' && <EditQueue queue={queue} onDone={() => setAsked(null)} />}
      </Dialog>
    </>
  );
}

/** Opens or closes the queue. */
function useChange(queue: QueueDetail) {
  const t = useTranslations('reviewResults.tools');
  const failure = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const update = useMutation(trpc.reviews.update.mutationOptions());
  /** @returns whether it was done */
  const to = async (state: 'open' | 'closed'): Promise<boolean> => {
    if (update.isPending) return false;
    try {
      await update.mutateAsync({ id: queue.id, state });
      await cache.invalidateQueries({ queryKey: trpc.reviews.pathKey() });
      toast(t(state === 'closed' ? 'closed' : 'reopened', { name: queue.name }));
      return true;
    } catch (error) {
      toast.error(failure(error));
      return false;
    }
  };
  return { to, isPending: update.isPending };
}
