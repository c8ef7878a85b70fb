import { Check } from 'lucide-react';
import { cn } from '../../_ui/cn';

interface ToggleListProps<Value extends string> {
  legend: string;
  hint?: string;
  options: readonly { value: Value; label: string; note?: string }[];
  value: readonly Value[];
  onChange: (value: Value[]) => void;
}

/** Any of several choices: native checkboxes that look like tags. */
export function ToggleList<Value extends string>(props: ToggleListProps<Value>) {
  const { legend, hint, options, value, onChange } = props;
  return (
    <fieldset className="min-w-0">
      <legend className="text-[13px] leading-5 font-medium">{legend}</legend>
      <div className="mt-1 -mr-1 flex max-h-44 flex-wrap gap-1.5 overflow-y-auto p-0.5 pr-1">
        {options.map((option) => {
          const on = value.includes(option.value);
          return (
            <label
              key={option.value}
              className={cn(
                'border-line bg-surface hover:border-line-strong relative flex h-7 max-w-full cursor-pointer items-center gap-1 rounded-lg border px-2.5 text-[13px] transition-colors select-none',
                'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-focus-visible:outline-accent has-focus-visible:outline-2',
              )}
            >
              <input
                type="checkbox"
                className="absolute inset-0 cursor-pointer appearance-none rounded-lg outline-none"
                checked={on}
                onChange={() =>
                  onChange(on ? value.filter((one) => one !== option.value) : [...value, option.value])
                }
              />
              {on && <Check aria-hidden className="size-3.5 shrink-0" />}
              <span className="truncate">{option.label}</span>
              {option.note && <span className="tabular-nums opacity-75">{option.note}</span>}
            </label>
          );
        })}
      </div>
      {hint && <p className="text-muted mt-1 text-[13px] leading-5">{hint}</p>}
    </fieldset>
  );
}
