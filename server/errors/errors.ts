/** What can go wrong, by a code that callers act on. The message says what and what to do. */
export type StudioErrorCode =
  | 'BAD_SETTING'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_REFUSED'
  | 'MIGRATION_CHANGED'
  | 'PORT_TAKEN'
  | 'ALREADY_RUNNING'
  | 'DISK_FULL'
  | 'NOT_WRITABLE'
  | 'MODEL_INVALID'
  | 'INFERENCE_CRASHED'
  | 'INFERENCE_UNAVAILABLE'
  | 'BAD_IMAGE'
  | 'TOO_LARGE'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'BAD_REQUEST'
  | 'FORBIDDEN'
  | 'UNAUTHENTICATED'
  | 'TOO_MANY'
  | 'STORAGE_FULL';

export interface StudioErrorOptions {
  cause?: unknown;
  /** The page's words for it (app/_i18n, `errors`), where the code alone does not say enough. */
  reason?: string;
  /** The values that stand in the message, for the page's own words. */
  params?: Record<string, string | number>;
  /** When the same request will be possible again. */
  retryAfterSeconds?: number;
}

export class StudioError extends Error {
  readonly code: StudioErrorCode;
  readonly reason?: string;
  readonly params?: Record<string, string | number>;
  readonly retryAfterSeconds?: number;

  constructor(code: StudioErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StudioError';
    this.code = code;
    this.reason = options.reason;
    this.params = options.params;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  '57P01', // the server is shutting down
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '08000',
  '08003',
  '08006',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
]);
const connectionWords =
  /terminating connection|connection terminated|the database system is (starting up|shutting down)|can't reach database|server has closed the connection|connection (ended|timeout|refused)|timeout exceeded when trying to connect|not queryable/i;

/** Whether the database could not be reached, as opposed to having answered with an error. */
export function isConnectionError(error: unknown): boolean {
  for (let e = error, depth = 0; e && depth < 5; e = (e as { cause?: unknown }).cause, depth++) {
    const { code, message, errors } = e as { code?: unknown; message?: unknown; errors?: unknown };
    if (typeof code === 'string' && connectionCodes.has(code)) return true;
    if (typeof message === 'string' && connectionWords.test(message)) return true;
    if (Array.isArray(errors) && errors.some(isConnectionError)) return true;
  }
  return false;
}

/** The first line of whatever was thrown. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.trim().split('\n')[0] ?? '';
}
