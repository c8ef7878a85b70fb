import { z } from 'zod';
import { StudioError } from '../../platform/errors/errors';

/** Places in a list, as a page hands them back. Not secret: whoever changes one gets another part of the same list. */

/** @param order names the list, so that a place in one is refused by another */
export const encodeCursor = (order: string, place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify([order, ...place])).toString('base64url');

/** @throws StudioError BAD_REQUEST for anything but a place in that list */
export function decodeCursor<T extends [z.ZodType, ...z.ZodType[]]>(
  order: string,
  place: T,
  cursor: string,
): z.output<z.ZodTuple<T>> {
  try {
    const [of, ...rest] = z.array(z.unknown()).parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (of === order) return z.tuple(place).parse(rest) as z.output<z.ZodTuple<T>>;
  } catch {
    // Told below.
  }
  throw new StudioError('BAD_REQUEST', 'The order of the list has changed. Start again from the top.', {
    reason: 'FOREIGN_CURSOR',
  });
}
