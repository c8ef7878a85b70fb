import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { isVisitorId } from './visitor';

/**
 * What a token is good for: one in a header for everything that its visitor may do; one in the address of an event
 * stream or of an image, which is written to logs, for reading alone; one in the address of a picture that is handed on,
 * for that picture.
 */
type Use = 'requests' | 'streams' | `picture ${string}`;

/** Tokens say who a visitor is where cookies do not come back. The server made every one that it takes. */
export interface VisitorTokens {
  /** The same for the same visitor and use. */
  issue: (visitorId: string, use: Use) => string;
  /** The visitor of a token; null where this server did not make it, or for another use. */
  read: (token: string | null | undefined, use: Use) => string | null;
}

const [ivBytes, tagBytes] = [12, 16];

/**
 * The id in a token is encrypted: as the value of the cookie it would open everything.
 * @param secret of the server; whoever has it can be any visitor
 */
export function visitorTokens(secret: string): VisitorTokens {
  const mac = (text: string) => createHmac('sha256', secret).update(text).digest();
  const keyOf = (use: Use) => mac(`visitor token for ${use}`);
  return {
    issue(id, use) {
      // Made of what it encrypts, the nonce repeats with the whole token alone.
      const iv = mac(`nonce of the visitor token for ${use}: ${id}`).subarray(0, ivBytes);
      const cipher = createCipheriv('aes-256-gcm', keyOf(use), iv);
      const sealed = Buffer.concat([cipher.update(id, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    read(token, use) {
      const bytes = Buffer.from(token ?? '', 'base64url');
      if (bytes.length <= ivBytes + tagBytes) return null;
      const decipher = createDecipheriv('aes-256-gcm', keyOf(use), bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        const id = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
        return isVisitorId(id.toString()) ? id.toString() : null;
      } catch {
        return null;
      }
    },
  };
}
