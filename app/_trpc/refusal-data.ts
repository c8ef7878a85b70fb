import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '@/server/api/root';

/** What the server said of a refusal beside its words; undefined for errors that are not the server's. */
export const refusalData = (error: unknown) =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>).data : undefined;
