import { z } from 'zod';
import type { QuestionType } from './question-type';

const schema = z.object({
  type: z.literal('verdict'),
  /** What passing means. */
  question: z.string().trim().min(1).max(300),
});
const verdictSchema = z.enum(['pass', 'fail']);

/** Pass or fail. */
export const verdict = {
  ...{ type: 'verdict', kinds: ['rate'], most: 1, schema },
  ...{ field: 'verdict', keyed: false, answers: verdictSchema.nullish(), none: null },
  isRequired: () => true,
  isGiven: Boolean,
  disagree: (answers) => answers.includes('pass') && answers.includes('fail'),
  measures: ({ question }) => [
    { name: 'verdict', label: question, level: 'nominal', value: (answer) => answer },
  ],
  columns: () => [{ name: 'verdict', cell: (answer) => answer }],
  missing: ({ question }) => ({ name: 'verdict', message: `Say pass or fail: ${question}` }),
  unknown: 'This rubric has no pass or fail question.',
} satisfies QuestionType<z.infer<typeof schema>, z.infer<typeof verdictSchema>, 'verdict'>;
