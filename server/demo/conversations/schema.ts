import { z } from 'zod';
import { boundedSchema, parameterShape } from '../../../models/runtime/parameter-schema';
import { parameters, type ParameterKey } from '../../../models/runtime/parameters';
import { languageSchema, taskSchema } from '../schema';

/**
 * The unified message format of Nexus-Gen, `{"images": [path, …], "messages": [{"role", "content"}, …]}`: each
 * `<image>` in the messages stands for the next of the images. Browser-safe: zod and the table of
 * parameters only.
 */

export const placeholder = '<image>';

/** A file to import has at most so many bytes, packed and unpacked, pictures, and turns. */
export const conversationLimits = { bytes: 100_000_000, pictures: 64, turns: 100, answer: 20_000 } as const;

/** What the format has no place for; other programs leave it out or ignore it. */
const turnSchema = z.object({
  task: taskSchema,
  language: languageSchema,
  /** Whether it goes on from the turn before it. */
  linked: z.boolean(),
  parameters: z.object(
    parameterShape<ParameterKey>(parameters, (parameter) => boundedSchema(parameter, parameter.max?.file)),
  ),
});

export const conversationSchema = z.object({
  images: z.array(z.string().min(1)).default([]),
  messages: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().nullish() }))
    .min(1),
  /** One of each answer of the assistant. */
  studio: z.object({ turns: z.array(turnSchema) }).optional(),
});

/** What `POST /api/conversations` answers: the new results in order, the first and the last of each conversation's. */
export const importedSchema = z.object({ ids: z.array(z.uuid()).min(1) });

export type TurnNotes = z.infer<typeof turnSchema>;
export type Conversation = z.infer<typeof conversationSchema>;
export type Imported = z.infer<typeof importedSchema>;
