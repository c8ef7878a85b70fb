import { useId, type ComponentProps, type ReactNode } from 'react';
import { cn } from './cn';

type TextFieldProps = Omit<ComponentProps<'input'>, 'id'> & {
  label: ReactNode;
  /** What is wrong with it, in words; read aloud when it comes. */
  problem?: string | null;
  /** Said under it while nothing is wrong. */
  hint?: ReactNode;
  /** Stands in the field at its end, e.g. a button. */
  end?: ReactNode;
};

/** A line of text with its label, and what is wrong with it beside it. */
export function TextField({ label, problem, hint, end, className, ...props }: TextFieldProps) {
  const id = useId();
  const note = problem ? `${id}-problem` : hint ? `${id}-hint` : undefined;
  return (
    <div className={className}>
      <label htmlFor={id} className="text-[13px] font-medium">
        {label}
      </label>
      <div className="relative mt-1.5">
        <input
          id={id}
          aria-invalid={Boolean(problem)}
          aria-describedby={note}
          className={cn(
            'border-line-strong bg-surface placeholder:text-muted focus-visible:outline-accent aria-invalid:border-danger read-only:bg-sunken h-10 w-full min-w-0 rounded-lg border px-3 text-sm focus-visible:outline-2',
            end && 'pr-11',
          )}
          {...props}
        />
        {end && <div className="absolute inset-y-0 right-1 flex items-center">{end}</div>}
      </div>
      {problem ? (
        <p id={note} role="alert" className="text-danger mt-1.5 text-sm leading-5">
          {problem}
        </p>
      ) : (
        hint && (
          <p id={note} className="text-muted mt-1.5 text-[13px] leading-5">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
