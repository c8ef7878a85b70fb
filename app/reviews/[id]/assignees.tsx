import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { QueueDetail } from '@/server/reviews/schema';
import { Button } from '../../_ui/button';
import { useErrorText } from '../../_ui/error-text';
import { toast } from '../../_ui/toaster';
import { useMe } from '../../_ui/current-user';
import { useTRPC } from '../../_trpc/client';
import { PeoplePicker } from '../_parts/people-picker';
import { mayChange } from './may-change';

/** Who the queue is for; whoever made it, and admins, can change that. */
export function Assignees({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.about');
  const me = useMe();
  const [editing, setEditing] = useState(false);
  if (editing) return <Edit queue={queue} onDone={() => setEditing(false)} />;
  const names = queue.assignees.map(({ name }) => name).join(', ');
  return (
    <div className="flex items-start gap-2 text-sm leading-6">
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{names || t('everyone')}</p>
      {mayChange(me, queue) && (
        <Button size="small" variant="ghost" className="-mt-1" onClick={() => setEditing(true)}>
          {t('edit')}
        </Button>
      )}
    </div>
  );
}

function Edit({ queue, onDone }: { queue: QueueDetail; onDone: () => void }) {
  const t = useTranslations('reviewResults.about');
  const common = useTranslations('common');
  const failure = useErrorText();
  const trpc = useTRPC();
  const cache = useQueryClient();
  const people = useQuery(trpc.reviews.people.queryOptions());
  const update = useMutation(trpc.reviews.update.mutationOptions());
  const [ids, setIds] = useState(queue.assignees.map(({ id }) => id));
  const save = async () => {
    if (update.isPending) return;
    try {
      await update.mutateAsync({ id: queue.id, assignees: ids });
      await cache.invalidateQueries({ queryKey: trpc.reviews.queue.queryKey({ id: queue.id }) });
      onDone();
    } catch (error) {
      toast.error(failure(error));
    }
  };
  // Whoever was assigned and may not review any more is still shown, so that they can be taken out.
  const known = [
    ...(people.data ?? []),
    ...queue.assignees.filter(({ id }) => !people.data?.some((person) => person.id === id)),
  ];
  return (
    <div>
      <PeoplePicker people={known} value={ids} onChange={setIds} />
      <div className="mt-2 flex gap-2">
        <Button size="small" variant="primary" aria-disabled={update.isPending} onClick={() => void save()}>
          {t('save')}
        </Button>
        <Button size="small" onClick={onDone}>
          {common('cancel')}
        </Button>
      </div>
    </div>
  );
}
