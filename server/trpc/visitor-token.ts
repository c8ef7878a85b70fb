import { createHmac, timingSafeEqual } from 'node:crypto';
import { isVisitorId } from './visitor';

/**
 * What a token is good for: one in a header for everything that its visitor may do, one in the address of an event
 * stream, which is written to logs, for reading events alone.
 */
type Use = 'requests' | 'streams';

/** Tokens say who a visitor is where cookies do not come back. The server made every one that it takes. */
export interface VisitorTokens {
  issue: (visitorId: string, use: Use) => string;
  /** The visitor of a token; null where this server did not make it, or for another use. */
  read: (token: string | null | undefined, use: Use) => string | null;
}

/** @param secret of the server; whoever has it can be any visitor */
export function visitorTokens(secret: string): VisitorTokens {
  const mac = (id: string, use: Use) =>
    createHmac('sha256', secret).update(`visitor token for ${use}: ${id}`).digest();
  return {
    issue: (id, use) => `${id}.${mac(id, use).toString('base64url')}`,
    read(token, use) {
      const [id = '', given = '', ...rest] = token?.split('.') ?? [];
      if (!isVisitorId(id) || rest.length > 0) return null;
      const [expected, bytes] = [mac(id, use), Buffer.from(given, 'base64url')];
      return bytes.length === expected.length && timingSafeEqual(bytes, expected) ? id : null;
    },
  };
}
