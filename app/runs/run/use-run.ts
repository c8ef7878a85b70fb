import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { toast } from '../../_ui/toaster';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import { isGone } from '../../_trpc/is-gone';

/** A run with everything that its page says, and whether it is there at all. */
export function useRun(id: string) {
  const trpc = useTRPC();
  const query = useQuery(trpc.runs.get.queryOptions({ id }));
  return { ...query, run: query.data, gone: isGone(query.error) };
}

/** Asks again for the run. */
export function useRefreshRun(id: string): () => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useCallback(() => {
    void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ id }) });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is made of the id alone
  }, [queryClient, id]);
}

export type RunAction = 'pause' | 'resume' | 'cancel' | 'remove';

/** What can be done to a run. `pending` is what was asked for and not answered yet. */
export function useRunActions(id: string, after: { refresh: () => void; removed: () => void }) {
  const trpc = useTRPC();
  const say = useErrorText();
  const onError = (error: unknown) => {
    toast.error(say(error));
    after.refresh();
  };
  const common = { onError, onSuccess: after.refresh };
  const pause = useMutation(trpc.runs.pause.mutationOptions(common));
  const resume = useMutation(trpc.runs.resume.mutationOptions(common));
  const cancel = useMutation(trpc.runs.cancel.mutationOptions(common));
  const remove = useMutation(trpc.runs.remove.mutationOptions({ onError, onSuccess: after.removed }));
  const all = { pause, resume, cancel, remove };
  const pending = (Object.keys(all) as RunAction[]).find((name) => all[name].isPending) ?? null;
  return { pending, act: (action: RunAction) => all[action].mutate({ id }) };
}
