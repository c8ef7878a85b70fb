import { RuntimeError } from '../../../models/runtime/errors';
import { foreseen, type StudioError, type StudioErrorCode } from '../../platform/errors/errors';
import { fieldNames } from './parameters';

/** What went wrong, as OpenAI's API says it: a status, and `{error: {message, type, param, code}}`. */
export type ErrorType =
  'invalid_request_error' | 'rate_limit_error' | 'insufficient_quota' | 'server_error' | 'timeout';

export interface ApiErrorOptions {
  type?: ErrorType;
  /** The field at fault. */
  param?: string | null;
  code?: string | null;
  headers?: Record<string, string>;
  cause?: unknown;
}

export class ApiError extends Error {
  readonly status: number;
  readonly type: ErrorType;
  readonly param: string | null;
  readonly code: string | null;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, options: ApiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.status = status;
    this.type = options.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
    this.param = options.param ?? null;
    this.code = options.code ?? null;
    this.headers = options.headers ?? {};
  }

  /** The body of the answer. */
  get body() {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

/** A request that is wrong in one field. */
export const badField = (param: string | null, message: string, code = 'invalid_value') =>
  new ApiError(400, message, { param, code });

/** The same request would fail the same way: OpenAI's clients then do not repeat it. */
export const noRetry = { 'x-should-retry': 'false' };

const statuses: Partial<Record<StudioErrorCode, number>> = {
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_REQUEST: 400,
  BAD_IMAGE: 400,
  TOO_LARGE: 413,
  FORBIDDEN: 403,
  TOO_MANY: 429,
  DISK_FULL: 503,
  NOT_WRITABLE: 503,
  INFERENCE_UNAVAILABLE: 503,
  DATABASE_UNREACHABLE: 503,
};

/** Seconds to wait where the refusal itself names none. */
const usualWait = 5;

/** @returns what a caller may read. The unforeseen is told without its details, as status 500. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RuntimeError) {
    const param = error.field === undefined ? null : (fieldNames.get(error.field) ?? error.field);
    const status = error.code === 'image_too_many_bytes' ? 413 : 400;
    return new ApiError(status, error.message, { param, code: error.code, cause: error });
  }
  const known = foreseen(error);
  if (known) return ofStudio(known);
  return new ApiError(500, 'Something went wrong on the server. Try again.', {
    code: 'internal_error',
    cause: error,
  });
}

function ofStudio(error: StudioError): ApiError {
  const status = statuses[error.code] ?? 500;
  const headers: Record<string, string> = {};
  if (status === 429 || status === 503)
    headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? usualWait)));
  const isQuota = /STORAGE|QUOTA/.test(error.reason ?? '');
  return new ApiError(status, error.message, {
    type: status === 429 ? (isQuota ? 'insufficient_quota' : 'rate_limit_error') : undefined,
    code:
      status === 429
        ? isQuota
          ? 'insufficient_quota'
          : 'rate_limit_exceeded'
        : (error.reason ?? error.code).toLowerCase(),
    headers,
    cause: error,
  });
}
