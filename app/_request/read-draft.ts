import type { ModelInfo } from '@/server/demo/schema';
import { composerSchema, type FormOutput, type FormProblem } from './form-schema';
import type { Draft } from './draft';
import type { FieldName } from './fields';

/** What is wrong, field by field: keys of `demo.wrong`, which `useProblemText` says in the page's language. */
export type FieldErrors = Partial<Record<FieldName, FormProblem>>;

/** What the form sends, or what is wrong with it, field by field. */
export function readDraft(
  draft: Draft,
  model: ModelInfo,
): { input: FormOutput; errors: null } | { input: null; errors: FieldErrors } {
  const read = composerSchema(draft, model).safeParse(draft);
  if (read.success) return { input: read.data, errors: null };
  const errors: FieldErrors = {};
  for (const { path, message } of read.error.issues)
    errors[path.at(-1) as FieldName] ??= message as FormProblem;
  return { input: null, errors };
}
