'use client';

import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { useOverlay } from './use-overlay';

/** A menu behind a button, after shadcn/ui: arrows, typed letters, Escape and Back work as in the system's menus. */
export function Menu({ open, defaultOpen, onOpenChange, ...props }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} {...useOverlay({ open, defaultOpen, onOpenChange })} />;
}
export const MenuTrigger = Radix.Trigger;

export function MenuContent({ className, align = 'end', ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    // Inside the page's main part, so that whoever walks by landmarks finds it.
    <Radix.Portal container={typeof document === 'undefined' ? null : document.querySelector('main')}>
      <Radix.Content
        align={align}
        sideOffset={6}
        collisionPadding={8}
        // In a low window the menu scrolls: what scrolls can be focused.
        tabIndex={0}
        className={cn(
          'border-line bg-surface text-ink data-[state=open]:animate-fade z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-xl border p-1 shadow-xl',
          className,
        )}
        {...props}
      />
    </Radix.Portal>
  );
}

const itemStyle =
  'flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-sunken data-disabled:cursor-default data-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted';

export function MenuItem({
  className,
  danger = false,
  ...props
}: ComponentProps<typeof Radix.Item> & { danger?: boolean }) {
  return (
    <Radix.Item
      className={cn(itemStyle, danger && 'text-danger [&_svg]:text-danger', className)}
      {...props}
    />
  );
}

export function MenuLabel({ className, ...props }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label className={cn('text-muted px-2.5 pt-1.5 pb-1 text-xs', className)} {...props} />;
}

export function MenuSeparator() {
  return <Radix.Separator className="bg-line mx-1 my-1 h-px" />;
}
