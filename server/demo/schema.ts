import { z } from 'zod';
import { parameterShape, valueSchema } from '../../models/runtime/parameter-schema';
import {
  parameterNamed,
  parameters,
  type LimitName,
  type Parameter,
  type ParameterKey,
  type ParameterValue,
} from '../../models/runtime/parameters';

/** The shapes of the demo API. Browser-safe: zod and the table of parameters only. Limits come from the model's manifest at run time. */

export const taskSchema = z.enum(['generate', 'edit', 'understand']);
export const languageSchema = z.enum(['en', 'zh']);
export const decoderSchema = choiceSchema('decoder');
export const stateSchema = z.enum(['queued', 'running', 'cancelling', 'cancelled', 'done', 'failed']);

/** The sha256 of a blob, hexadecimal. Pictures are served at `/api/images/<hash>`. */
export const blobHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

function choiceSchema<Key extends ParameterKey>(key: Key) {
  const parameter = parameterNamed(key);
  if (!parameter) throw new Error(`unknown parameter ${key}`);
  return valueSchema(parameter) as z.ZodType<ParameterValue<Key>, ParameterValue<Key>>;
}

const limitSchema = z.object({
  min: z.number(),
  max: z.number(),
  default: z.number(),
  /** Values are multiples of this, counted from 0. */
  multiple: z.number().optional(),
});

/** The limits of the table's parameters, by the names that the page gives them. */
const limits = Object.fromEntries(
  parameters.flatMap((parameter) =>
    (parameter.limits ?? []).map(({ name, optional }) => [
      name,
      optional ? limitSchema.optional() : limitSchema,
    ]),
  ),
) as unknown as Record<LimitName, typeof limitSchema>;

export const modelInfoSchema = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  notice: z.string(),
  /** The same in Chinese; null when the manifest has none. */
  noticeZh: z.string().nullable(),
  languages: z.array(languageSchema),
  device: z.string(),
  ready: z.boolean(),
  /** The weights on the device, in bytes: those there, those that may be, and what is loading or never fits. */
  memory: z
    .object({
      used: z.number(),
      limit: z.number().nullable(),
      loading: z.array(z.string()),
      tooLarge: z.array(z.object({ name: z.string(), bytes: z.number() })),
    })
    .nullable(),
  parameters: z.object({
    ...limits,
    /** In characters. */
    promptLength: limitSchema,
  }),
  defaultDecoder: decoderSchema,
  /** Whether a negative prompt can be given; it counts where the guidance scale is above 1. */
  negativePrompt: z.boolean(),
  /** Who expands a short prompt; null where nobody does. */
  polishing: z.enum(['template', 'model']).nullable(),
  /** The mean absolute error (0 to 1) of its own reconstruction above which a picture is outside the model's world. */
  worldError: z.number().nullable(),
  /** What its prompts of training are made of: words in lower case, single characters. Null where it does not say. */
  words: z.object({ en: z.array(z.string()), zh: z.array(z.string()) }).nullable(),
  /** What the model itself says of a parameter. */
  hints: z.object({ guidance: z.object({ en: z.string(), zh: z.string() }).optional() }),
});

/** `auto`: by the prompt's own characters. */
export const languageChoiceSchema = z.enum(['en', 'zh', 'auto']);

const shapeOf = (list: readonly Parameter[]) => parameterShape<ParameterKey>(list, valueSchema);

/** Fields left out take the manifest's default; a missing seed is drawn at random and stored. */
export const submitSchema = z.object({
  task: taskSchema,
  prompt: z.string(),
  ...shapeOf(parameters.filter(({ type }) => type === 'text')),
  language: languageChoiceSchema.default('auto'),
  /** Drawn by the sender: the same request sent again is the same job. */
  requestId: z.uuid().optional(),
  /** Source of an edit, picture of a question. */
  sourceHash: blobHashSchema.nullish(),
  /** The job whose result is the source: lineage. */
  parentId: z.uuid().nullish(),
  ...shapeOf(parameters.filter(({ type }) => type !== 'text')),
});

const pictureSchema = z.object({ hash: blobHashSchema, width: z.int(), height: z.int() });

export const generationSchema = z.object({
  id: z.uuid(),
  task: taskSchema,
  state: stateSchema,
  prompt: z.string(),
  language: languageSchema,
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  source: pictureSchema.nullable(),
  parentId: z.uuid().nullable(),
  /** The result of generate and edit, or the last preview of a cancelled job. */
  picture: pictureSchema.nullable(),
  /** The answer of understand; grows while it runs. */
  text: z.string().nullable(),
  /** Why it failed, in words a visitor can act on. */
  error: z.string().nullable(),
  /** The same for programs: a code of server/platform/errors or models/runtime/errors. */
  errorCode: z.string().nullable(),
  /** Brought in from a file, not made here. */
  imported: z.boolean(),
  grid: z.object({ id: z.uuid(), x: z.int(), y: z.int() }).nullable(),
  timings: z.record(z.string(), z.number()).nullable(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});

/** Where a job stands in the queue, and when its result is expected: a range in milliseconds from now. */
export const queueSchema = z.object({
  position: z.int(),
  total: z.int(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  coldStart: z.boolean(),
});

/** What `demo.events` streams. Each carries the number of the event as tRPC's tracked id. */
export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: stateSchema }),
  z.object({ type: z.literal('stage'), stage: z.string() }),
  z.object({ type: z.literal('step'), step: z.int(), steps: z.int() }),
  z.object({ type: z.literal('preview'), step: z.int(), picture: pictureSchema }),
  z.object({ type: z.literal('token'), text: z.string() }),
  /** The last one, always: the whole job as stored. */
  z.object({ type: z.literal('end'), generation: generationSchema }),
]);

export type Task = z.infer<typeof taskSchema>;
export type Language = z.infer<typeof languageSchema>;
export type LanguageChoice = z.infer<typeof languageChoiceSchema>;
export type Decoder = z.infer<typeof decoderSchema>;
export type GenerationState = z.infer<typeof stateSchema>;
export type ModelInfo = z.infer<typeof modelInfoSchema>;
export type SubmitInput = z.input<typeof submitSchema>;
export type GenerationView = z.infer<typeof generationSchema>;
export type QueueView = z.infer<typeof queueSchema>;
export type GenerationEventView = z.infer<typeof eventSchema>;
