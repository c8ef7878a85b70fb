import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';

export const inputStyle =
  'border-line-strong bg-surface placeholder:text-muted hover:border-ink aria-invalid:border-danger h-8 w-full min-w-0 rounded-lg border px-2.5 text-sm';

interface FieldProps {
  id: string;
  label: string;
  error: string | null;
  hint?: string;
  children: ReactNode;
  className?: string;
}

/** A named part of a form; what is wrong with it stands under it. */
export function Field({ id, label, error, hint, children, className }: FieldProps) {
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className="mb-1 block text-[13px] font-medium">
        {label}
      </label>
      {children}
      {hint && !error && (
        <p id={`${id}-hint`} className="text-muted mt-1 text-xs leading-4">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-danger mt-1 text-[13px] leading-5">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  numeric?: boolean;
  maxLength?: number;
}

/** A line of text, or a number as it is typed. */
export function TextField({
  value,
  onChange,
  placeholder,
  numeric = false,
  maxLength,
  ...field
}: TextFieldProps) {
  const { id, error, hint } = field;
  return (
    <Field {...field}>
      <input
        id={id}
        type="text"
        inputMode={numeric ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
        value={value}
        maxLength={maxLength ?? (numeric ? 20 : 2000)}
        placeholder={placeholder}
        aria-invalid={error !== null}
        aria-describedby={error ? `${id}-error` : hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={cn(inputStyle, numeric && 'tabular-nums')}
      />
    </Field>
  );
}
