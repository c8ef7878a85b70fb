import { Search } from 'lucide-react';
import type { Ref } from 'react';
import { cn } from '../../_ui/cn';

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
  className?: string;
}

/** Words that are looked for; at most 200 characters. */
export function SearchField({ label, value, onChange, ref, className }: SearchFieldProps) {
  return (
    <label className={cn('relative block', className)}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="text-muted absolute top-1/2 left-2.5 size-4 -translate-y-1/2" />
      <input
        ref={ref}
        type="search"
        value={value}
        maxLength={200}
        placeholder={label}
        onChange={(event) => onChange(event.target.value)}
        className="border-line-strong bg-surface placeholder:text-muted h-8 w-full rounded-lg border pr-2 pl-8 text-sm"
      />
    </label>
  );
}
