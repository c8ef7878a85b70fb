import { ChevronDown, Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '../../_ui/cn';

/** The browser's own list of choices in the page's frame: weighs nothing, and phones show it in their way. */
export function Choice({ label, className, ...props }: ComponentProps<'select'> & { label: string }) {
  return (
    <span className={cn('relative inline-flex max-w-full min-w-0', className)}>
      <select
        aria-label={label}
        className="border-line bg-surface text-ink hover:border-line-strong h-8 w-full min-w-0 appearance-none truncate rounded-lg border pr-7 pl-2.5 text-[13px]"
        {...props}
      />
      <ChevronDown
        aria-hidden
        className="text-muted pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2"
      />
    </span>
  );
}

export function SearchField({ label, ...props }: ComponentProps<'input'> & { label: string }) {
  return (
    <span className="relative min-w-0 max-sm:w-full">
      <Search aria-hidden className="text-muted pointer-events-none absolute top-2 left-2.5 size-4" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        className="border-line bg-surface text-ink placeholder:text-muted hover:border-line-strong h-8 w-full rounded-lg border pr-2 pl-8 text-[13px] sm:w-52"
        {...props}
      />
    </span>
  );
}
