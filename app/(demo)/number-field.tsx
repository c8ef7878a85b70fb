import type { ReactNode } from 'react';
import { cn } from '../_components/cn';
import type { ModelInfo } from '@/server/demo/schema';
import { setNumber, useDraft } from './draft';
import { format, labels, readNumber, stepOf, textOf, type ParameterKey } from './parameters';

export const fieldId = (name: string) => `field-${name}`;

export const inputStyle =
  'h-8 w-full min-w-0 rounded-lg border border-line-strong bg-surface px-2.5 text-sm tabular-nums placeholder:text-muted transition-colors hover:border-ink aria-invalid:border-danger';

export function FieldError({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-danger mt-1 text-[13px] leading-5">
      {children}
    </p>
  );
}

interface NumberFieldProps {
  name: ParameterKey;
  model: ModelInfo;
  slider?: boolean;
  /** What one unit is, or what the number does, in a few words. */
  hint?: string;
}

/** A number with the model's limits; the slider and the box are one value. */
export function NumberField({ name, model, slider = false, hint }: NumberFieldProps) {
  const draft = useDraft();
  const limit = model.parameters[name];
  const text = textOf(draft, name, model);
  const result = readNumber(name, text, limit);
  const error = 'error' in result ? result.error : null;
  const id = fieldId(name);
  const describedBy = cn(error && `${id}-error`, hint && `${id}-hint`) || undefined;
  return (
    <div className="min-w-0">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-[13px] font-medium">
          {labels[name]}
        </label>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          className={cn(inputStyle, 'w-20 text-right')}
          value={text}
          aria-invalid={error !== null}
          aria-describedby={describedBy}
          onChange={(event) => setNumber(name, event.target.value)}
          onKeyDown={(event) => {
            const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
            if (!way || error) return;
            event.preventDefault();
            const next = Number(text) + way * stepOf(name, limit);
            setNumber(name, String(Number(Math.min(limit.max, Math.max(limit.min, next)).toFixed(4))));
          }}
        />
      </div>
      {slider && (
        <input
          type="range"
          aria-label={`${labels[name]}, slider`}
          min={limit.min}
          max={limit.max}
          step={stepOf(name, limit)}
          value={error ? limit.default : Number(text)}
          onChange={(event) => setNumber(name, event.target.value)}
          className="accent-accent mt-1 block h-5 w-full cursor-pointer"
        />
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-muted mt-0.5 text-xs leading-4">
          {hint.replace('{range}', `${format(limit.min)} to ${format(limit.max)}`)}
        </p>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}
