import { useId, type ComponentProps, type ReactNode } from 'react';
import { cn } from './cn';

/** How boxes to type in look; how high they are is said where they stand. */
export const boxStyle =
  'border-line-strong bg-surface hover:border-ink aria-invalid:border-danger placeholder:text-muted w-full min-w-0 rounded-lg border px-2.5 text-sm transition-colors';

/** `large`: a page with one short form. `medium`: a long form. `small`: many settings beside one another. */
type Size = 'large' | 'medium' | 'small';

const looks = {
  large: {
    label: 'text-[13px] font-medium',
    room: 'mt-1.5',
    box: 'h-10 px-3 read-only:bg-sunken',
    hint: 'mt-1.5 text-[13px] leading-5',
    problem: 'mt-1.5 text-sm leading-5',
    keepsHint: false,
  },
  medium: {
    label: 'text-[13px] leading-5 font-medium',
    room: 'mt-1',
    box: 'h-9',
    hint: 'mt-1 text-[13px] leading-5 text-pretty',
    problem: 'mt-1 text-[13px] leading-5',
    keepsHint: true,
  },
  small: {
    label: 'mb-1 block text-[13px] font-medium',
    room: '',
    box: 'h-8',
    hint: 'mt-1 text-xs leading-4',
    problem: 'mt-1 text-[13px] leading-5',
    keepsHint: false,
  },
} satisfies Record<Size, object>;

/** The ids of what `Field` says about a box, which the box names as its description. */
export const describedBy = (id: string, hint: unknown, problem: unknown): string | undefined =>
  [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ') || undefined;

interface ProblemProps {
  /** Of the box. */
  id: string;
  text?: string | null;
  size?: Size;
}

/**
 * What is wrong with a field, read aloud when it appears. Among small ones it is told while somebody types, and reading it
 * then would interrupt.
 */
export function Problem({ id, text, size = 'medium' }: ProblemProps) {
  return (
    <p
      id={`${id}-problem`}
      role={size === 'small' ? undefined : 'alert'}
      className={cn('text-danger [overflow-wrap:anywhere] empty:hidden', looks[size].problem)}
    >
      {text}
    </p>
  );
}

interface FieldProps {
  /** Of the box. */
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with it. */
  problem?: string | null;
  size?: Size;
  className?: string;
  children: ReactNode;
}

/** A label, its box, and what is to be said about it. */
export function Field({ id, label, hint, problem, size = 'medium', className, children }: FieldProps) {
  const look = looks[size];
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className={look.label}>
        {label}
      </label>
      <div className={look.room}>{children}</div>
      {hint && (look.keepsHint || !problem) && (
        <p id={`${id}-hint`} className={cn('text-muted', look.hint)}>
          {hint}
        </p>
      )}
      <Problem id={id} text={problem} size={size} />
    </div>
  );
}

type InField = Partial<Pick<FieldProps, 'id' | 'hint' | 'problem' | 'size'>> & Pick<FieldProps, 'label'>;

/** What a box and its field share. */
function useBox({ id: given, label, hint, problem, size = 'medium' }: InField) {
  const generated = useId();
  const id = given ?? generated;
  return {
    field: { id, label, hint, problem, size },
    box: {
      id,
      'aria-invalid': Boolean(problem),
      'aria-describedby': describedBy(id, hint && (looks[size].keepsHint || !problem), problem),
    },
  };
}

type TextFieldProps = Omit<ComponentProps<'input'>, 'id' | 'size'> &
  InField & {
    /** A number as it is typed. */
    numeric?: boolean;
    /** Stands in the box at its end, e.g. a button. */
    end?: ReactNode;
  };

/** A line of text with its label. `className` is the whole field's. */
export function TextField(props: TextFieldProps) {
  const { id, label, hint, problem, size = 'medium', numeric = false, end, className, ...input } = props;
  const { field, box } = useBox({ id, label, hint, problem, size });
  return (
    <Field {...field} className={className}>
      <div className="relative">
        <input
          {...box}
          {...(numeric && { inputMode: 'decimal', autoComplete: 'off', spellCheck: false, maxLength: 20 })}
          className={cn(boxStyle, looks[size].box, numeric && 'tabular-nums', end && 'pr-11')}
          {...input}
        />
        {end && <div className="absolute inset-y-0 right-1 flex items-center">{end}</div>}
      </div>
    </Field>
  );
}

type TextAreaFieldProps = Omit<ComponentProps<'textarea'>, 'id'> & InField;

/** Several lines of text with their label. `className` is the box's. */
export function TextAreaField(props: TextAreaFieldProps) {
  const { id, label, hint, problem, size = 'medium', className, ...area } = props;
  const { field, box } = useBox({ id, label, hint, problem, size });
  return (
    <Field {...field}>
      <textarea {...box} className={cn(boxStyle, 'block resize-y', className)} {...area} />
    </Field>
  );
}
