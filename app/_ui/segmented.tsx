import type { ReactNode } from 'react';
import { cn } from './cn';

export interface Segment<Value extends string> {
  value: Value;
  label: string;
  icon?: ReactNode;
  /** The language of the label where it is not the page's. */
  lang?: string;
}

interface SegmentedProps<Value extends string> {
  /** What is chosen here; read aloud, not shown. */
  legend: string;
  name: string;
  value: Value;
  options: readonly Segment<Value>[];
  onChange: (value: Value) => void;
  size?: 'medium' | 'small';
  className?: string;
}

/** One of a few choices: native radio buttons, so arrows, Tab and screen readers work as everywhere. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { legend, name, value, options, onChange, size = 'medium', className } = props;
  return (
    <fieldset className={cn('bg-sunken inline-flex min-w-0 rounded-[10px] p-[3px]', className)}>
      <legend className="sr-only">{legend}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          className={cn(
            'text-muted hover:text-ink relative flex flex-1 cursor-pointer items-center justify-center gap-1.5 rounded-[7px] font-medium whitespace-nowrap transition-colors select-none',
            'has-checked:bg-surface has-checked:text-ink has-checked:shadow-[0_1px_2px_rgb(0_0_0/0.14)]',
            'has-focus-visible:outline-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-1',
            size === 'medium' ? 'h-8 px-3 text-sm' : 'h-[26px] px-2.5 text-[13px]',
            'has-checked:[&_svg]:text-accent [&_svg]:size-4',
          )}
        >
          <input
            type="radio"
            className="absolute inset-0 cursor-pointer appearance-none rounded-[7px] outline-none"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
