import { Search } from 'lucide-react';
import type { Ref } from 'react';
import { cn } from './cn';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** In characters. */
  longest?: number;
  ref?: Ref<HTMLInputElement>;
  className?: string;
  boxClassName?: string;
}

/** Words that are looked for. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, longest = 200, ref, className, boxClassName } = props;
  return (
    <label className={cn('relative block', className)}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="text-muted absolute top-1/2 left-2.5 size-4 -translate-y-1/2" />
      <input
        ref={ref}
        type="search"
        value={value}
        maxLength={longest}
        placeholder={label}
        onChange={(event) => onChange(event.target.value)}
        className={cn(
          'border-line-strong bg-surface placeholder:text-muted h-8 w-full rounded-lg border pr-2 pl-8 text-sm',
          boxClassName,
        )}
      />
    </label>
  );
}
