import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';

/** How boxes to type in look. */
export const boxStyle =
  'border-line-strong bg-surface hover:border-ink aria-invalid:border-danger placeholder:text-muted w-full min-w-0 rounded-lg border px-2.5 text-sm transition-colors';

interface FieldProps {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with it. */
  problem?: string | null;
  className?: string;
  children: ReactNode;
}

/** The ids that a box names as its description. */
export const describedBy = (id: string, hint: unknown, problem: unknown): string | undefined =>
  [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ') || undefined;

/** A label, its box, and what is to be said about it. */
export function Field({ id, label, hint, problem, className, children }: FieldProps) {
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className="text-[13px] leading-5 font-medium">
        {label}
      </label>
      <div className="mt-1">{children}</div>
      {hint && (
        <p id={`${id}-hint`} className="text-muted mt-1 text-[13px] leading-5 text-pretty">
          {hint}
        </p>
      )}
      <Problem id={id} text={problem} />
    </div>
  );
}

/** What is wrong with a field, read aloud when it appears. */
export function Problem({ id, text }: { id: string; text?: string | null }) {
  return (
    <p
      id={`${id}-problem`}
      role="alert"
      className="text-danger mt-1 text-[13px] leading-5 [overflow-wrap:anywhere] empty:hidden"
    >
      {text}
    </p>
  );
}
