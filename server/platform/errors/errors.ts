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
  'DATABASE_UNREACHABLE',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
]);
/** PostgreSQL's own: the class of lost connections; shutting down, crashed, cannot connect now. */
const connectionStates = /^(08[0-9A-Z]{3}|57P0[123])$/;
/** As Prisma's adapter names what the driver said. */
const connectionKinds = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout']);
const connectionWords =
  /terminating connection|connection terminated|the database system is (starting up|shutting down|in recovery mode|not (yet )?accepting connections)|can't reach database|server has closed the connection|connection (ended|timeout|refused)|timeout exceeded when trying to connect|not queryable/i;

/** Whether the database could not be reached, as opposed to having answered with an error. */
export const isConnectionError = (error: unknown): boolean =>
  layersOf(error).some(
    ({ codes, kind, syscall, messages }) =>
      codes.some((code) => connectionCodes.has(code) || connectionStates.test(code)) ||
      // The socket of a server on this machine; a file that is missing is something else.
      (codes.includes('ENOENT') && syscall === 'connect') ||
      (kind !== undefined && connectionKinds.has(kind)) ||
      messages.some((message) => connectionWords.test(message)),
  );

const diskFullCodes = new Set(['DISK_FULL', 'ENOSPC', 'EDQUOT', '53100']);

/** Whether there was no room on a disk: this program's, or PostgreSQL's. */
export const isDiskFull = (error: unknown): boolean =>
  layersOf(error).some(({ codes }) => codes.some((code) => diskFullCodes.has(code)));

/** By what PostgreSQL refuses a text: NUL in one, NUL or half of a surrogate pair in JSON. */
const refusedTextCodes = new Set(['22021', '22P05']);
const refusedTextWords =
  /invalid byte sequence for encoding|unsupported Unicode escape sequence|Unicode (high|low) surrogate/i;

/** Whether the database refused a text that somebody sent, as none that can be: in a search, a name, an address. */
const isTextRefused = (error: unknown): boolean =>
  layersOf(error).some(
    ({ codes, messages }) =>
      codes.some((code) => refusedTextCodes.has(code)) ||
      messages.some((message) => refusedTextWords.test(message)),
  );

/**
 * What callers are told of an error that is foreseen: a StudioError as it is, or that a text cannot be kept, the disk is
 * full, or the database is away. Null for whatever nobody foresaw.
 */
export function foreseen(error: unknown): StudioError | null {
  if (error instanceof StudioError) return error;
  if (isTextRefused(error))
    return new StudioError('BAD_REQUEST', 'The request contains invalid characters.', {
      reason: 'TEXT_UNUSABLE',
      cause: error,
    });
  if (isDiskFull(error))
    return new StudioError(
      'DISK_FULL',
      'The server’s disk is full, so nothing new can be stored. Free some space, then try again.',
      { cause: error },
    );
  if (isConnectionError(error))
    return new StudioError(
      'DATABASE_UNREACHABLE',
      'The database is temporarily unavailable. Nothing was lost; try again in a moment.',
      { cause: error },
    );
  return null;
}

interface Layer {
  codes: string[];
  kind?: string;
  syscall?: string;
  messages: string[];
}

/** An error and what it was made from: its causes, those that it gathers, and what Prisma keeps of the driver's. */
function layersOf(error: unknown, depth = 0): Layer[] {
  if (typeof error !== 'object' || error === null || depth > 6) return [];
  const { code, originalCode, kind, syscall, message, detail, originalMessage, cause, errors, meta } =
    error as Record<string, unknown>;
  const texts = (...values: unknown[]) => values.filter((one) => typeof one === 'string');
  const below = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : []), driverErrorIn(meta)];
  return [
    {
      codes: texts(code, originalCode),
      kind: texts(kind)[0],
      syscall: texts(syscall)[0],
      messages: texts(message, detail, originalMessage),
    },
    ...below.flatMap((one) => layersOf(one, depth + 1)),
  ];
}

const driverErrorIn = (meta: unknown): unknown =>
  typeof meta === 'object' && meta !== null
    ? (meta as { driverAdapterError?: unknown }).driverAdapterError
    : undefined;

/** The first line of whatever was thrown. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.trim().split('\n')[0] ?? '';
}
