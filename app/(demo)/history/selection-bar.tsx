import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { mostRemoved } from '@/server/demo/history/schema';
import { Button } from '../../_ui/button';
import { Dialog, DialogBody, DialogContent } from '../../_ui/dialog';
import { toast } from '../../_ui/toaster';
import { useTRPCClient } from '../../_trpc/client';
import { useErrorText } from '../../_ui/error-text';
import { useLibraryChanged } from './use-library-changed';

interface SelectionBarProps {
  ids: string[];
  onSelectAll: () => void;
  onEnd: () => void;
}

/** What can be done with several results at once. */
export function SelectionBar({ ids, onSelectAll, onEnd }: SelectionBarProps) {
  const t = useTranslations('history');
  const client = useTRPCClient();
  const changed = useLibraryChanged();
  const problem = useErrorText();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: async () => {
      for (let at = 0; at < ids.length; at += mostRemoved)
        await client.history.removeMany.mutate({ ids: ids.slice(at, at + mostRemoved) });
    },
    onSuccess: () => {
      toast(t('deleted', { count: ids.length }));
      setAsking(false);
      onEnd();
    },
    onSettled: changed,
  });
  return (
    <div className="border-line bg-surface flex flex-wrap items-center gap-2 border-t px-4 py-2.5">
      <span role="status" className="mr-auto text-sm tabular-nums">
        {t('selected', { count: ids.length })}
      </span>
      <Button size="small" variant="ghost" onClick={onSelectAll}>
        {t('selectAll')}
      </Button>
      <Button
        size="small"
        variant="danger"
        disabled={ids.length === 0}
        onClick={() => {
          remove.reset();
          setAsking(true);
        }}
      >
        <Trash2 aria-hidden /> {t('delete')}
      </Button>
      <Button size="small" onClick={onEnd}>
        {t('endSelection')}
      </Button>
      <Dialog open={asking} onOpenChange={setAsking}>
        <DialogContent
          title={t('deleteQuestion', { count: ids.length })}
          description={t('deleteNote')}
          className="max-w-sm"
        >
          <DialogBody className="flex flex-wrap justify-end gap-2 pt-3">
            {remove.isError && (
              <p role="alert" className="text-danger w-full text-sm">
                {problem(remove.error)}
              </p>
            )}
            <Button onClick={() => setAsking(false)}>{t('keep')}</Button>
            <Button
              variant="danger"
              aria-disabled={remove.isPending}
              onClick={() => !remove.isPending && remove.mutate()}
            >
              <Trash2 aria-hidden /> {t('delete')}
            </Button>
          </DialogBody>
        </DialogContent>
      </Dialog>
    </div>
  );
}
