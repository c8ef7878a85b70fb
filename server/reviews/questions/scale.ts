import { z } from 'zod';
import { keySchema, type QuestionType } from './question-type';

const schema = z.object({
  type: z.literal('scale'),
  key: keySchema,
  name: z.string().trim().min(1).max(80),
  /** Five words, from worst to best. */
  anchors: z.array(z.string().trim().min(1).max(60)).length(5),
});

/** Steps by which two reviewers must be apart: one step is a matter of taste. */
const apart = 2;

/** 1 to 5 with anchored words. */
export const scale = {
  ...{ type: 'scale', kinds: ['rate'], most: 8, schema },
  ...{ field: 'scales', keyed: true },
  answers: z.record(keySchema, z.int().min(1).max(5)).default({}),
  none: {},
  isRequired: () => true,
  isGiven: () => true,
  disagree: (answers) => Math.max(...answers) - Math.min(...answers) >= apart,
  measures: ({ key, name }) => [
    { name: `scale_${key}`, label: name, level: 'ordinal', value: (answer) => answer },
  ],
  columns: (questions) =>
    questions.map(({ key }) => ({ name: `scale_${key}`, key, cell: (answer) => answer })),
  missing: ({ name }) => ({ name, message: `Answer “${name}”.` }),
  unknown: 'The answers include a scale that is not in the rubric.',
} satisfies QuestionType<z.infer<typeof schema>, number, 'scales'>;
