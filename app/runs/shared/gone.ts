import { TRPCClientError } from '@trpc/client';

/** Whether the server says that it is not there, or not there any more. */
export const isGone = (error: unknown): boolean =>
  error instanceof TRPCClientError && error.data?.code === 'NOT_FOUND';
