import type { GenerationView } from '@/server/demo/schema';
import type { Shared } from '@/server/demo/sharing/schema';
import { sitePath } from '@/server/platform/env/site-path';

/** A shared result as the form and the file names take one. It is nobody's own: it has no id and no parent. */
export const asGeneration = (shared: Shared): GenerationView => ({
  ...shared,
  id: '',
  state: 'done',
  parentId: null,
  error: null,
  errorCode: null,
  grid: null,
  timings: null,
  finishedAt: shared.createdAt,
});

export const sharePath = (token: string) => sitePath(`/r/${token}`);
