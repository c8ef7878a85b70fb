import { z } from 'zod';
import { blobHashSchema, generationSchema, modelInfoSchema } from '../schema';

/** The shapes of the sharing API. Browser-safe: zod only. */

/** 144 random bits, base64url. A shared result is at `/r/<token>`. */
export const tokenSchema = z.string().regex(/^[\w-]{24}$/);

export const shareStateSchema = z.object({
  token: tokenSchema.nullable(),
  createdAt: z.date().nullable(),
});

/** What a link shows: this result, and neither its neighbours nor whose it is. */
export const sharedSchema = generationSchema
  .pick({
    task: true,
    prompt: true,
    language: true,
    parameters: true,
    source: true,
    picture: true,
    text: true,
    imported: true,
    createdAt: true,
  })
  .extend({
    token: tokenSchema,
    /** The model that made it; null of a result that was brought in from a file. */
    model: modelInfoSchema.pick({ name: true, version: true, notice: true, noticeZh: true }).nullable(),
  });

export const flagReasonSchema = z.enum(['wrong', 'harmful', 'rights', 'other']);
export const longestComment = 1000;

const flagFields = {
  reason: flagReasonSchema,
  comment: z.string().trim().max(longestComment).default(''),
};

/** A result of one's own by its id, or a shared one by its token. */
export const flagSchema = z.union([
  z.strictObject({ id: z.uuid(), ...flagFields }),
  z.strictObject({ token: tokenSchema, ...flagFields }),
]);

/** A report, with the result as it was then. */
export const flagViewSchema = z.object({
  id: z.uuid(),
  reason: flagReasonSchema,
  comment: z.string(),
  ...generationSchema.pick({ task: true, prompt: true, text: true, createdAt: true }).shape,
  sourceHash: blobHashSchema.nullable(),
  pictureHash: blobHashSchema.nullable(),
});

export type Shared = z.infer<typeof sharedSchema>;
export type FlagReason = z.infer<typeof flagReasonSchema>;
export type FlagView = z.infer<typeof flagViewSchema>;
