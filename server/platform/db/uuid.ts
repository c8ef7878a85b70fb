import { randomBytes } from 'node:crypto';

/** RFC 9562: 48 bits of milliseconds, then random, so that ids sort by time. */
export function uuidv7(milliseconds = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  return uuidOf(bytes, 7);
}

/** The first 16 bytes as a UUID of a version: 8 for what was made otherwise, e.g. from a hash. */
export function uuidOf(bytes: Uint8Array, version: 7 | 8): string {
  const id = Buffer.from(bytes.subarray(0, 16));
  id[6] = ((id[6] ?? 0) & 0x0f) | (version << 4);
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  const hex = id.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
