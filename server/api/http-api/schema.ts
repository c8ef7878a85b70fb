import { z } from 'zod';
import { storedFormats, takenNames, type StoredFormat } from '../../../models/runtime/image/format';
import { ownParametersOf, pictureParameters } from '../../../models/runtime/parameters';
import { fieldsOf, whole } from './parameters';

/** Requests and answers of the HTTP API. The OpenAPI document is generated from these very schemas. */

const outputFormats = Object.keys(storedFormats) as StoredFormat[];
const sizePattern = /^(?:auto|\d{1,5}x\d{1,5})$/;
const accepted = 'Accepted for compatibility; has no effect.';

const model = z
  .string()
  .max(200)
  .optional()
  .meta({ description: 'One of GET /models. Defaults to the served model.' });
const user = z
  .string()
  .max(512)
  .optional()
  .meta({ description: `${accepted} It is not stored.` });
const prompt = z.string().meta({
  description: 'English or Chinese. The model limits its length.',
  examples: ['a photo of two red apples'],
});

/** What a generation and an edit have in common. */
const picture = {
  prompt,
  model,
  n: whole(1, 10).default(1).meta({ description: 'Number of images. With a seed, image i uses seed + i.' }),
  size: z
    .string()
    .regex(sizePattern, 'must be auto or WIDTHxHEIGHT, such as 256x256')
    .default('auto')
    .meta({
      description:
        '`WIDTHxHEIGHT` within the model’s limits, or `auto`: the model’s default size, or the source’s for an edit.',
      examples: ['256x256'],
    }),
  response_format: z
    .enum(['b64_json', 'url'])
    .default('b64_json')
    .meta({ description: 'The image itself, or a URL.' }),
  output_format: z
    .enum(outputFormats)
    .default('png')
    .meta({ description: 'URLs are available only for PNG.' }),
  output_compression: whole(0, 100).default(90).meta({ description: 'Quality of WebP and JPEG.' }),
  ...fieldsOf(pictureParameters()),
  language: z
    .enum(['auto', 'en', 'zh'])
    .default('auto')
    .meta({ description: 'Language of the prompt template; auto detects it from the prompt’s characters.' }),
  stream: z
    .boolean()
    .default(false)
    .meta({ description: 'Server-sent events with previews. For one image only.' }),
  partial_images: whole(0, 3).default(0).meta({ description: 'Maximum number of previews to stream.' }),
  background: z
    .enum(['auto', 'opaque'], 'must be auto or opaque: images have no transparency')
    .optional()
    .meta({ description: accepted }),
  quality: z
    .enum(['auto', 'standard', 'low', 'medium', 'high', 'hd'])
    .optional()
    .meta({ description: `${accepted} Set steps instead.` }),
  user,
};

export const generationRequest = z.strictObject({
  ...picture,
  ...fieldsOf(ownParametersOf('generate')),
  style: z.enum(['vivid', 'natural']).optional().meta({ description: accepted }),
  moderation: z.enum(['auto', 'low']).optional().meta({ description: accepted }),
});

const edit = {
  ...picture,
  ...fieldsOf(ownParametersOf('edit')),
  input_fidelity: z.enum(['high', 'low']).optional().meta({ description: accepted }),
};

/** A data URL, or the URL of a picture of this server. */
const pictureUrl = z.string().meta({
  description: `A \`data:\` URL of a ${takenNames}, or the URL of an image on this server. Other URLs are not fetched.`,
});

export const editFields = z.strictObject(edit);
export const editRequest = z.strictObject({
  ...edit,
  image: pictureUrl.optional(),
  images: z
    .array(z.strictObject({ image_url: pictureUrl }))
    .optional()
    .meta({ description: 'As in OpenAI’s JSON format. One image.' }),
});

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: pictureUrl,
    detail: z.string().max(40).optional().meta({ description: accepted }),
  }),
});

/** Text of an earlier answer of another model; like all earlier texts it is not read. */
const refusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() });

export const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z
    .union(
      [
        z.string(),
        z.array(z.discriminatedUnion('type', [textPart, imagePart, refusalPart])).max(100),
        z.null(),
      ],
      'must be text, or a list of text and image_url parts',
    )
    .optional(),
});

/**
 * A field of OpenAI's API of which some values would change the answer in a way that the model cannot: only those are
 * refused. Clients send the others whether or not anybody asked for them.
 * @param changesNothing whether a value of the right type leaves the answer as it is
 * @param reason what a caller reads otherwise
 */
const onlyIf = <T extends z.ZodType>(
  type: T,
  changesNothing: (value: z.output<T>) => boolean,
  reason: string,
) =>
  type
    .refine(changesNothing, { error: reason, params: { code: 'unsupported_value' } })
    .optional()
    .meta({ description: `${reason} Neutral values are accepted.` });

const label = z.string().max(512).optional().meta({ description: accepted });
const noTools = 'This model doesn’t support tools.';
const noFunctions = 'This model doesn’t support functions.';
const noLogprobs = 'Token probabilities are not available.';
/** Whether a choice of tools leaves the model free not to call one. */
const callsNone = (choice: unknown) => choice === 'none' || choice === 'auto';
const toolChoice = z.union([z.string(), z.record(z.string(), z.unknown())]);

export const chatRequest = z
  .strictObject({
    model,
    messages: z.array(messageSchema).min(1).max(1000).meta({
      description:
        'The model answers one question about at most one image: it reads the text of the last message, which must be from the user, and the newest image of the conversation. Earlier text, including system messages, is ignored.',
    }),
    ...fieldsOf(ownParametersOf('understand')),
    n: whole(1, 128)
      .default(1)
      .meta({ description: 'Number of choices. Decoding is greedy, so all are identical.' }),
    stream: z.boolean().default(false),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).optional(),
    language: picture.language,
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({ description: `${accepted} Decoding is greedy: the same question gives the same answer.` }),
    top_p: z.number().min(0).max(1).optional().meta({ description: accepted }),
    presence_penalty: z.number().min(-2).max(2).optional().meta({ description: accepted }),
    frequency_penalty: z.number().min(-2).max(2).optional().meta({ description: accepted }),
    seed: z.int().optional().meta({ description: accepted }),
    logit_bias: onlyIf(
      z.record(z.string(), z.number()),
      (biases) => Object.values(biases).every((bias) => bias === 0),
      'This model doesn’t support logit biases.',
    ),
    logprobs: onlyIf(z.boolean(), (asked) => !asked, noLogprobs),
    top_logprobs: onlyIf(whole(0, 20), (count) => count === 0, noLogprobs),
    stop: onlyIf(
      z.union([z.string(), z.array(z.string()).max(4)]),
      (sequences) => [sequences].flat().every((sequence) => sequence === ''),
      'Answers end by themselves or at max_completion_tokens; stop sequences are not supported.',
    ),
    tools: z
      .array(z.unknown())
      .optional()
      .meta({ description: `${noTools} Empty, or with tool_choice none.` }),
    tool_choice: onlyIf(toolChoice, callsNone, noTools),
    parallel_tool_calls: z.boolean().optional().meta({ description: accepted }),
    functions: z
      .array(z.unknown())
      .optional()
      .meta({ description: `${noFunctions} Empty, or with function_call none.` }),
    function_call: onlyIf(toolChoice, callsNone, noFunctions),
    modalities: onlyIf(
      z.array(z.string()),
      (kinds) => kinds.every((kind) => kind === 'text'),
      'This endpoint answers in text. For images use /images/generations and /images/edits.',
    ),
    audio: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: `${accepted} Audio is not available as a modality.` }),
    response_format: z
      .object({ type: z.literal('text', 'must be text: the model doesn’t write JSON') })
      .optional(),
    prediction: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: `${accepted} It would only affect speed.` }),
    reasoning_effort: label,
    verbosity: label,
    service_tier: label,
    safety_identifier: label,
    prompt_cache_key: label,
    prompt_cache_retention: label,
    prompt_cache_options: z.record(z.string(), z.unknown()).optional().meta({ description: accepted }),
    user,
    store: onlyIf(z.boolean(), (asked) => !asked, 'Answers are not stored for later requests.'),
    metadata: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: `${accepted} It is not stored.` }),
  })
  .superRefine((fields, ctx) => {
    const refuse = (path: string, message: string) =>
      ctx.addIssue({ code: 'custom', path: [path], message, params: { code: 'unsupported_value' } });
    if (fields.tools?.length && fields.tool_choice !== 'none') refuse('tools', noTools);
    if (fields.functions?.length && fields.function_call !== 'none') refuse('functions', noFunctions);
  });

export const imageSchema = z.object({
  b64_json: z.string().optional(),
  url: z.string().optional(),
  seed: z.int().meta({ description: 'Reproduces this image.' }),
});

export const imagesResponse = z.object({
  created: z.int(),
  data: z.array(imageSchema),
  size: z.string(),
  output_format: z.enum(outputFormats),
  background: z.literal('opaque'),
});

export const usageSchema = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
});

const finishReason = z.enum(['stop', 'length']);

export const chatResponse = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({ role: z.literal('assistant'), content: z.string(), refusal: z.null() }),
      logprobs: z.null(),
      finish_reason: finishReason,
    }),
  ),
  usage: usageSchema,
});

export const chatChunk = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      delta: z.object({ role: z.literal('assistant').optional(), content: z.string().optional() }),
      logprobs: z.null(),
      finish_reason: finishReason.nullable(),
    }),
  ),
  usage: usageSchema.nullable().optional(),
});

export const modelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
});
export const modelList = z.object({ object: z.literal('list'), data: z.array(modelSchema) });

export const errorSchema = z.object({
  error: z.object({
    message: z.string().meta({ description: 'What went wrong, and what to do.' }),
    type: z.enum([
      'invalid_request_error',
      'rate_limit_error',
      'insufficient_quota',
      'server_error',
      'timeout',
    ]),
    param: z.string().nullable().meta({ description: 'The invalid field.' }),
    code: z.string().nullable(),
  }),
});

export type PictureFields = z.output<typeof editFields>;
export type ChatRequest = z.output<typeof chatRequest>;
export type ChatResponse = z.infer<typeof chatResponse>;
export type ChatChunk = z.infer<typeof chatChunk>;
export type ApiModel = z.infer<typeof modelSchema>;
export type ImagesResponse = z.infer<typeof imagesResponse>;
export type Usage = z.infer<typeof usageSchema>;
