import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent } from 'react';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { IconButton } from '../../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import type { Kept } from './decide-form';
import { refetchMs } from './refetch-interval';
import { ItemReviews } from './item-reviews';
import { ItemView } from './item-view';
import { Settle } from './settle';
import { asShown } from './sides';

interface ItemDialogProps {
  taskId: string;
  /** The item as a list shows it. */
  known?: TaskRow;
  queue: QueueDetail;
  /** The items of the list, to walk through. */
  neighbours: readonly string[];
  onGo: (taskId: string) => void;
  onClose: () => void;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One item with all that was said about it. Left and right go to its neighbours. */
export function ItemDialog({ taskId, known, queue, neighbours, onGo, onClose }: ItemDialogProps) {
  const t = useTranslations('reviewResults.item');
  const common = useTranslations('common');
  const problem = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const wellFormed = uuid.test(taskId);
  const found = useQuery({
    ...trpc.reviews.task.queryOptions({ taskId }, { enabled: wellFormed }),
    refetchInterval: refetchMs,
  });
  const row = found.data ? asShown(found.data) : known;
  const at = neighbours.indexOf(taskId);
  const [previous, next] = at < 0 ? [undefined, undefined] : [neighbours[at - 1], neighbours[at + 1]];
  const [kept] = useState<Kept>(() => new Map());
  const onSettled = () => cache.invalidateQueries({ queryKey: trpc.reviews.pathKey() });
  const step = (by: 1 | -1) => {
    const to = by > 0 ? next : previous;
    if (to) onGo(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // In a form the arrows go from answer to answer.
    if ((event.target as Element).closest('form') || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowLeft: previous, ArrowRight: next }[event.key];
    if (to) onGo(to);
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        side="full"
        className="sm:mx-auto sm:max-w-6xl"
        title={row ? t('title', { number: row.item.position + 1, of: queue.items }) : t('untitled')}
        onKeyDown={onKeyDown}
      >
        <div className="absolute top-3 right-13 flex gap-1">
          <IconButton
            label={t('previous')}
            className="tip-below tip-end"
            disabled={!previous}
            onClick={() => previous && onGo(previous)}
          >
            <ChevronLeft aria-hidden />
          </IconButton>
          <IconButton
            label={t('next')}
            className="tip-below tip-end"
            disabled={!next}
            onClick={() => next && onGo(next)}
          >
            <ChevronRight aria-hidden />
          </IconButton>
        </div>
        <DialogBody tabIndex={0} className="focus-visible:-outline-offset-2">
          {row ? (
            <div className="grid gap-x-6 gap-y-5 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
              <ItemView row={row} />
              <div className="flex min-w-0 flex-col gap-4">
                <ItemReviews row={row} queue={queue} />
                <Settle {...{ row, queue, kept, onSettled }} focus={false} onStep={step} />
              </div>
            </div>
          ) : found.isError || !wellFormed ? (
            <p role="alert" className="py-8 text-center text-sm">
              {wellFormed ? problem(found.error) : t('missing')}
            </p>
          ) : (
            <p role="status" className="text-muted py-8 text-center text-sm">
              {common('loading')}
            </p>
          )}
        </DialogBody>
      </DialogContent>
    </Dialog>
  );
}
