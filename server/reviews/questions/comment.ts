import { z } from 'zod';
import type { QuestionType } from './question-type';

const schema = z.object({
  type: z.literal('comment'),
  /** `unasked`: kept where a program sends one; no page asks for it. */
  need: z.enum(['unasked', 'optional', 'required']),
});

/** A text: a note to the others, which nothing counts. */
export const comment = {
  ...{ type: 'comment', kinds: ['rate', 'pair'], most: 1, schema },
  ...{ field: 'comment', keyed: false, answers: z.string().max(4000).default(''), none: '' },
  isRequired: ({ need }) => need === 'required',
  isGiven: (answer) => answer.trim() !== '',
  columns: () => [{ name: 'comment', cell: (answer) => answer }],
  missing: () => ({ name: 'comment', message: 'A comment is required.' }),
  unknown: 'This rubric doesn’t take comments.',
} satisfies QuestionType<z.infer<typeof schema>, string, 'comment'>;
