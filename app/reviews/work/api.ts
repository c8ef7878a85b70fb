import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@/server/trpc/root';
import type { WorkApi } from './session-types';

/** The procedures of one queue, as a session calls them. */
export function workApi({ reviews }: TRPCClient<AppRouter>, queueId: string): WorkApi {
  return {
    next: (input) => reviews.next.mutate({ queueId, ...input }),
    submit: (input) => reviews.submit.mutate(input),
    skip: (input) => reviews.skip.mutate(input),
    undo: () => reviews.undo.mutate({ queueId }),
    saveDraft: (input) => reviews.saveDraft.mutate(input),
    // The page may be gone before an ordinary request is on its way.
    release: (taskIds) =>
      void fetch('/api/trpc/reviews.release', {
        method: 'POST',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ json: { taskIds } }),
      }).catch(() => undefined),
  };
}
