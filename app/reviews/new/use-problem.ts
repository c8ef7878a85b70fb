import { useTranslations } from 'next-intl';
import { get, useFormContext, type FieldPath } from 'react-hook-form';
import type { QueueForm } from './form';

type ProblemKey = Parameters<ReturnType<typeof useTranslations<'reviews.newQueue.problems'>>['has']>[0];

/** The words for what is wrong with a field; null while nothing is known to be. */
export function useProblem(): (
  field: FieldPath<QueueForm> | (string & {}),
  range?: { min: number; max: number },
) => string | null {
  const t = useTranslations('reviews.newQueue.problems');
  const { formState } = useFormContext<QueueForm>();
  const { errors } = formState;
  return (field, range = { min: 0, max: 0 }) => {
    const type = (get(errors, field) as { type?: string } | undefined)?.type as ProblemKey | undefined;
    return typeof type === 'string' ? t(type, range) : null;
  };
}
