import { TRPCError } from '@trpc/server';
import { RuntimeError } from '../../models/runtime/errors';
import type { StudioErrorCode } from '../platform/errors/errors';
import { foreseen } from '../platform/errors/errors';

const codes: Partial<Record<StudioErrorCode, TRPCError['code']>> = {
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  BAD_REQUEST: 'BAD_REQUEST',
  BAD_IMAGE: 'BAD_REQUEST',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FORBIDDEN: 'FORBIDDEN',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  TOO_MANY: 'TOO_MANY_REQUESTS',
  STORAGE_FULL: 'PAYLOAD_TOO_LARGE',
  DISK_FULL: 'SERVICE_UNAVAILABLE',
  DATABASE_UNREACHABLE: 'SERVICE_UNAVAILABLE',
  NOT_WRITABLE: 'SERVICE_UNAVAILABLE',
  INFERENCE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
};

/** What a visitor is told. Whatever is not foreseen is logged by the caller and told without its details. */
export function toTrpcError(error: unknown): TRPCError {
  if (error instanceof RuntimeError)
    return new TRPCError({ code: 'BAD_REQUEST', message: error.message, cause: error });
  const known = foreseen(error);
  if (known)
    return new TRPCError({
      code: codes[known.code] ?? 'INTERNAL_SERVER_ERROR',
      message: known.message,
      cause: known,
    });
  // A foreign key: what this refers to was there a moment ago, and somebody removed it.
  if ((error as { code?: unknown }).code === '23503')
    return new TRPCError({
      code: 'NOT_FOUND',
      message: 'This has been removed in the meantime.',
      cause: error,
    });
  return new TRPCError({
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something went wrong on the server. Try again; if it keeps happening, see the server’s log.',
    cause: error,
  });
}
