import { z } from 'zod';

/** The record of who did what. Browser-safe: zod only. */

export const auditEventSchema = z.object({
  /** Rises with time; a decimal number. */
  id: z.string(),
  at: z.date(),
  /** Null for what the server did itself. */
  who: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** `area.act`, e.g. "account.invited", "review.submitted". */
  what: z.string(),
  queueId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  details: z.record(z.string(), z.unknown()),
});

export const auditPageSchema = z.object({
  items: z.array(auditEventSchema),
  /** Null at the end of the list. */
  nextCursor: z.string().nullable(),
});

/** The cursor of the list: the id of the last event shown. */
export const auditCursorSchema = z.string().regex(/^\d{1,18}$/);

export type AuditEvent = z.infer<typeof auditEventSchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
