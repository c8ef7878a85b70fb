import { useFormContext, type FieldPath } from 'react-hook-form';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Field } from '../../_ui/field';
import type { QueueForm } from './form';
import { useProblem } from './use-problem';

interface NumberBoxProps {
  name: FieldPath<QueueForm>;
  label: string;
  hint?: string;
  min: number;
  max: number;
  className?: string;
}

/** A whole number of the form. */
export function NumberBox({ name, label, hint, min, max, className }: NumberBoxProps) {
  const { register } = useFormContext<QueueForm>();
  const problem = useProblem()(name, { min, max });
  const id = `queue-${name}`;
  return (
    <Field id={id} label={label} hint={hint} problem={problem} className={className}>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        step={1}
        aria-invalid={problem !== null}
        aria-describedby={describedBy(id, hint, problem)}
        className={cn(boxStyle, 'h-9 w-28 tabular-nums')}
        {...register(name, { valueAsNumber: true })}
      />
    </Field>
  );
}
