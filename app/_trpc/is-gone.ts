import { TRPCClientError } from '@trpc/client';

/** Whether the server says that it is not there, or not there any more. Any other refusal can be over the next time. */
export const isGone = (error: unknown): boolean =>
  error instanceof TRPCClientError && error.data?.code === 'NOT_FOUND';
