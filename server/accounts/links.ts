import { createHash, randomBytes } from 'node:crypto';

/** The secret part of a link, 256 random bits, and what is kept of it. */
export function newLink(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

/** A link is found by its hash, so how long this takes tells nothing about others. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
