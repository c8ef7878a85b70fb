import { StudioError } from '../errors/errors';

/** What PostgreSQL can keep of a text: NUL and halves of surrogate pairs become U+FFFD. */
export const storableText = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

/** JSON for a jsonb column: the same of every text in it. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'string' ? storableText(one) : one));

/** By what PostgreSQL refuses a text: NUL in one, NUL or half of a surrogate pair in JSON. */
const refusedCodes = new Set(['22021', '22P05']);
const refusedWords =
  /invalid byte sequence for encoding|unsupported Unicode escape sequence|Unicode (high|low) surrogate/i;

/**
 * What is told when the database refused a text that somebody sent, as none that can be: in a search, a name, an address.
 * @param error whatever a query threw, of pg or of Prisma
 * @returns null for other errors
 */
export function textRefusal(error: unknown): StudioError | null {
  for (let e = error, depth = 0; typeof e === 'object' && e !== null && depth < 5; depth++) {
    const { code, message, detail, originalCode, meta, cause } = e as {
      code?: unknown;
      message?: unknown;
      detail?: unknown;
      originalCode?: unknown;
      meta?: { driverAdapterError?: unknown };
      cause?: unknown;
    };
    const isRefused =
      refusedCodes.has(String(code)) ||
      refusedCodes.has(String(originalCode)) ||
      refusedWords.test(`${String(message)} ${String(detail)}`);
    if (isRefused)
      return new StudioError('BAD_REQUEST', 'A text of the request has characters that are none.', {
        reason: 'TEXT_UNUSABLE',
        cause: error,
      });
    e = cause ?? meta?.driverAdapterError;
  }
  return null;
}
