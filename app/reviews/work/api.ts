import type { TRPCClient } from '@trpc/client';
import type { AppRouter } from '@/server/trpc/root';
import type { WorkApi } from './session-types';
import { siteFetch } from '../../_trpc/site-fetch';

/** The procedures of one queue, as a session calls them. */
export function workApi({ reviews }: TRPCClient<AppRouter>, queueId: string): WorkApi {
  return {
    next: (input) => reviews.next.mutate({ queueId, ...input }),
    submit: (input) => reviews.submit.mutate(input),
    skip: (input) => reviews.skip.mutate(input),
    undo: ({ requestId }) => reviews.undo.mutate({ queueId, requestId }),
    saveDraft: (input) => reviews.saveDraft.mutate(input),
    part: (what) => ('submit' in what ? outlive('submit', what.submit) : outlive('skip', what.skip)),
    release: (taskIds) => outlive('release', { taskIds }),
  };
}

/** The page may be gone before an ordinary request is on its way; this one goes on without it. */
function outlive(procedure: 'submit' | 'skip' | 'release', input: object): void {
  void siteFetch(`/api/trpc/reviews.${procedure}`, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
  }).catch(() => undefined);
}
