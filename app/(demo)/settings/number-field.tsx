import { useTranslations } from 'next-intl';
import type { CSSProperties } from 'react';
import { useFormState } from 'react-hook-form';
import type { ModelInfo } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { boxStyle, describedBy, Problem } from '../../_ui/field';
import type { FormProblem } from '../../_request/form-schema';
import { draftForm, setNumber, useDraft } from '../../_request/draft';
import { labelOf, stepOf, textOf, type ParameterKey } from '../../_request/fields';
import { useProblemText } from '../composer/use-problem-text';

export const fieldId = (name: string) => `field-${name}`;

/** What is wrong with a number as it stands: told while it is typed, not only when the form is sent. */
export function useNumberError(name: ParameterKey, model: ModelInfo): string | null {
  const wrong = useProblemText(model);
  const { errors } = useFormState({ control: draftForm.control, name: 'numbers' });
  const problem = errors.numbers?.[name]?.message as FormProblem | undefined;
  return problem ? wrong.number(problem, name) : null;
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
  const t = useTranslations('demo');
  const draft = useDraft();
  const limit = model.parameters[name];
  const text = textOf(draft, name, model);
  const error = useNumberError(name, model);
  const id = fieldId(name);
  const label = t(labelOf(name));
  const shown = Math.min(limit.max, Math.max(limit.min, Number(text) || limit.min));
  const share = limit.max > limit.min ? (shown - limit.min) / (limit.max - limit.min) : 0;
  return (
    <div className="min-w-0">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-[13px] font-medium">
          {label}
        </label>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          className={cn(boxStyle, 'h-8 w-20 text-right tabular-nums')}
          value={text}
          aria-invalid={error !== null}
          aria-describedby={describedBy(id, hint, error)}
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
          aria-label={t('slider', { label })}
          min={limit.min}
          max={limit.max}
          step={stepOf(name, limit)}
          value={shown}
          onChange={(event) => setNumber(name, event.target.value)}
          style={{ '--share': share } as CSSProperties}
          className="slider mt-1 block w-full"
        />
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-muted mt-0.5 text-xs leading-4">
          {hint}
        </p>
      )}
      <Problem id={id} text={error} size="small" />
    </div>
  );
}
