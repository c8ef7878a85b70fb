import { z } from 'zod';

/** What people decide about a run: who may read it, and what it is called. Browser-safe: zod only. */

/** Who may read a run: its owner and admins, the team, or everybody. */
export const visibilities = ['private', 'team', 'published'] as const;
export const visibilitySchema = z.enum(visibilities);

/** Characters of a name, a note and a tag, and how many tags a run can have. */
export const labelLimits = { name: 200, note: 4000, tag: 50, tags: 20 };

/** Longer than anything that fits, so that no megabytes are tidied. */
const mostSent = 50_000;

/**
 * What people call a run and say of it. Spaces are tidied, and what cannot be seen is taken out; an empty name or note
 * is none. A comma parts two tags, and of tags that differ in case alone the first stays. Limits are in characters.
 */
export const labelsSchema = z.object({
  name: z
    .string()
    .max(mostSent)
    .transform(oneLineOf)
    .refine(
      (name) => lengthOf(name) <= labelLimits.name,
      `A name can have at most ${labelLimits.name} characters.`,
    )
    .transform((name) => name || null)
    .nullish(),
  note: z
    .string()
    .max(mostSent)
    .transform((note) => seenOf(note.replace(/\r\n?|[\u2028\u2029]/g, '\n')).trim())
    .refine(
      (note) => lengthOf(note) <= labelLimits.note,
      `A note can have at most ${labelLimits.note} characters.`,
    )
    .transform((note) => note || null)
    .nullish(),
  tags: z
    .array(z.string().max(mostSent))
    .max(1000)
    .transform(tagsOf)
    .refine((tags) => tags.length <= labelLimits.tags, `A run can have at most ${labelLimits.tags} tags.`)
    .refine(
      (tags) => tags.every((tag) => lengthOf(tag) <= labelLimits.tag),
      `A tag can have at most ${labelLimits.tag} characters.`,
    )
    .optional(),
});

export const editRunSchema = labelsSchema.extend({ id: z.uuid() });
export const setVisibilitySchema = z.object({ id: z.uuid(), visibility: visibilitySchema });

export type Visibility = z.infer<typeof visibilitySchema>;
export type RunLabels = z.output<typeof labelsSchema>;

/** The tags in a text or in several, tidied as the server tidies them. */
export function tagsOf(given: readonly string[]): string[] {
  const tags = new Map<string, string>();
  for (const tag of given.flatMap((one) => one.split(/[,，、\n]/u)).map(oneLineOf))
    if (tag !== '' && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  return [...tags.values()];
}

function oneLineOf(text: string): string {
  return seenOf(text.replace(/\s+/gu, ' ')).trim();
}

/** Without control characters and marks that turn round what follows them, or that nobody sees. */
function seenOf(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Bidi_Control}\u200b\u2060\ufeff]/gu, (one) =>
      one === '\n' ? one : one === '\t' ? ' ' : '',
    );
}

function lengthOf(text: string): number {
  return [...text].length;
}
