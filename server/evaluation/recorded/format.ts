import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { runEvaluatorsSchema } from '../run-evaluators';

/**
 * A recorded run: `<name>.json` is its report (`RunReport`), `<name>.samples.gz` beside it its data set and samples, one
 * JSON object a line: first a head, then every item, then every sample. Pictures are named by their hashes alone.
 */

const pictureSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  mediaType: z.string(),
  size: z.int().positive(),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type RecordedPicture = z.infer<typeof pictureSchema>;

const headSchema = z.object({
  format: z.literal(1),
  task: z.enum(['generate', 'edit', 'understand']),
  evaluators: runEvaluatorsSchema,
  /** Positions of the items that were measured; empty for all of the data set. */
  items: z.array(z.int().min(0)),
  itemCount: z.int().positive(),
  repeats: z.int().positive(),
  /** Of the data set, which may have more than were measured. */
  datasetItems: z.int().positive(),
});

const itemSchema = z.object({
  position: z.int().min(0),
  key: z.string(),
  group: z.string(),
  data: z.unknown(),
  pictures: z.array(pictureSchema.extend({ name: z.string() })),
});

const sampleSchema = z.object({
  position: z.int().min(0),
  repeat: z.int().min(0),
  state: z.enum(['generated', 'scored', 'failed', 'unscored']),
  text: z.string().optional(),
  picture: pictureSchema.optional(),
  error: z.string().optional(),
  latencyMs: z.number().optional(),
  scores: z.array(z.object({ metric: z.string(), value: z.number(), details: z.unknown().optional() })),
});

export interface RecordedSamples {
  head: z.infer<typeof headSchema>;
  items: z.infer<typeof itemSchema>[];
  samples: z.infer<typeof sampleSchema>[];
}

/** The bytes of `<name>.samples.gz`; the same run gives the same bytes. */
export function packSamples({ head, items, samples }: RecordedSamples): Buffer {
  const lines = [head, ...items, ...samples].map((one) => `${JSON.stringify(one)}\n`);
  return gzipSync(lines.join(''), { level: 9 });
}

/** @throws ZodError, SyntaxError for a file that is no record */
export function unpackSamples(bytes: Uint8Array): RecordedSamples {
  const [first = '', ...lines] = gunzipSync(bytes).toString('utf8').trimEnd().split('\n');
  const head = headSchema.parse(JSON.parse(first));
  const rest = lines.map((line) => JSON.parse(line) as unknown);
  return {
    head,
    items: z.array(itemSchema).parse(rest.slice(0, head.datasetItems)),
    samples: z.array(sampleSchema).parse(rest.slice(head.datasetItems)),
  };
}
