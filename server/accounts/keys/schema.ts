import { z } from 'zod';

/** The shapes of the procedures about API keys. Browser-safe: zod only. */

/** So many keys can be in use at once. */
export const maxKeys = 10;
export const keyNameLength = 60;

export const createKeySchema = z.object({ name: z.string().trim().min(1).max(keyNameLength) });

export const keySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The key's first characters, to tell keys apart. */
  prefix: z.string(),
  createdAt: z.date(),
  /** Exact to the minute; null for one never used. */
  lastUsedAt: z.date().nullable(),
});

/** `secret` is the key itself. It is told this once and cannot be told again. */
export const createdKeySchema = keySchema.extend({ secret: z.string() });

export type KeyView = z.infer<typeof keySchema>;
export type CreatedKey = z.infer<typeof createdKeySchema>;
