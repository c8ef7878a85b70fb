'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { useOverlay } from './use-overlay';

interface SelectProps<Value extends string> {
  /** Its accessible name, where no visible label names it by `id`. */
  label?: string;
  id?: string;
  value: Value;
  options: readonly { value: Value; label: ReactNode; disabled?: boolean }[];
  onChange: (value: Value) => void;
  className?: string;
}

/** One of several choices in a list, after shadcn/ui. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, id, value, options, onChange, className } = props;
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} {...useOverlay({})}>
      <Radix.Trigger
        id={id}
        aria-label={label}
        className={cn(
          'border-line-strong bg-surface hover:border-ink flex h-8 min-w-0 items-center justify-between gap-2 rounded-lg border px-2.5 text-left text-sm transition-colors',
          className,
        )}
      >
        <span className="truncate">
          {/* Left to itself it is empty until the page listens, and all beside it moves then. */}
          <Radix.Value>{options.find((option) => option.value === value)?.label}</Radix.Value>
        </span>
        <ChevronDown aria-hidden className="text-muted size-4 shrink-0" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="border-line bg-surface text-ink z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) overflow-hidden rounded-xl border p-1 shadow-xl"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="data-highlighted:bg-sunken flex cursor-pointer items-center justify-between gap-3 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-disabled:cursor-default data-disabled:opacity-60"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                <Radix.ItemIndicator>
                  <Check aria-hidden className="text-accent size-4" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
