import { z } from 'zod';
import { keySchema, type QuestionType } from './question-type';

const tagSchema = z.object({ key: keySchema, label: z.string().trim().min(1).max(40) });
const schema = z.object({
  type: z.literal('tags'),
  tags: z
    .array(tagSchema)
    .min(1)
    .max(30)
    .refine(
      (tags) => new Set(tags.map(({ key }) => key)).size === tags.length,
      'Two tags have the same key.',
    ),
});

/** Words that apply or not, none or several. Leaving one out is no denial, so nobody has to decide about them. */
export const tags = {
  ...{ type: 'tags', kinds: ['rate'], most: 1, schema },
  ...{ field: 'tags', keyed: false, answers: z.array(keySchema).max(30).default([]), none: [] },
  isRequired: () => false,
  isGiven: (answer) => answer.length > 0,
  fit: (answer, question) => question.tags.map(({ key }) => key).filter((key) => answer.includes(key)),
  measures: (question) =>
    question.tags.map(({ key, label }) => ({
      ...{ name: `tag_${key}`, label, level: 'nominal' },
      value: (answer) => Number(answer?.includes(key) ?? false),
    })),
  columns: () => [{ name: 'tags', cell: (answer) => answer && answer.join(' ') }],
  missing: () => ({ name: 'tags', message: 'Choose tags.' }),
  unknown: 'The answers include a tag that is not in the rubric.',
} satisfies QuestionType<z.infer<typeof schema>, string[], 'tags'>;
