'use client';

import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useOverlay } from './use-overlay';

/** A small window beside its button, after shadcn/ui; Escape and the browser's Back close it. */
export function Popover({ open, defaultOpen, onOpenChange, ...props }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} {...useOverlay({ open, defaultOpen, onOpenChange })} />;
}
export const PopoverTrigger = Radix.Trigger;

export function PopoverContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        collisionPadding={8}
        className={cn(
          'border-line bg-surface text-ink data-[state=open]:animate-fade z-50 max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border p-3 shadow-xl outline-none',
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  );
}
