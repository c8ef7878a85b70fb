'use client';

import { ChevronRight } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { useOverlay } from './use-overlay';

/** A menu behind a button, after shadcn/ui: arrows, typed letters, Escape and Back work as in the system's menus. */
export function Menu({ open, defaultOpen, onOpenChange, ...props }: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root {...props} {...useOverlay({ open, defaultOpen, onOpenChange })} />;
}
export const MenuTrigger = Radix.Trigger;

const container = () => (typeof document === 'undefined' ? null : document.querySelector('main'));

// On phones a menu is a sheet at the bottom edge (globals.css): within reach, and never cut off.
const contentStyle =
  'border-line bg-surface text-ink data-[state=open]:animate-fade z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-xl border p-1 shadow-xl';

export function MenuContent({ className, align = 'end', ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    // Inside the page's main part, so that whoever walks by landmarks finds it.
    <Radix.Portal container={container()}>
      <Radix.Content
        align={align}
        sideOffset={6}
        collisionPadding={8}
        // In a low window the menu scrolls: what scrolls can be focused.
        tabIndex={0}
        data-sheet
        className={cn(contentStyle, className)}
        {...props}
      />
    </Radix.Portal>
  );
}

/** Entries that belong together behind one. @param label what stands in the menu itself */
export function MenuSub({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <Radix.Sub>
      <Radix.SubTrigger className={cn(itemStyle, 'data-[state=open]:bg-sunken')}>
        {label}
        <ChevronRight aria-hidden className="ml-auto" />
      </Radix.SubTrigger>
      <Radix.Portal container={container()}>
        <Radix.SubContent
          sideOffset={2}
          collisionPadding={8}
          tabIndex={0}
          data-sheet
          className={contentStyle}
        >
          {children}
        </Radix.SubContent>
      </Radix.Portal>
    </Radix.Sub>
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

export function MenuSeparator() {
  return <Radix.Separator className="bg-line mx-1 my-1 h-px" />;
}
