'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslations } from 'next-intl';
import { IconButton } from './button';
import { useBackCloses } from './back-closes';
import { cn } from './cn';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

/** A modal window, after shadcn/ui: focus stays inside; Escape, a click beside it and the browser's Back close it. */
export function Dialog({ open, onOpenChange, children }: DialogProps) {
  useBackCloses(open, () => onOpenChange(false));
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {children}
    </Radix.Root>
  );
}
export const DialogClose = Radix.Close;

type ContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  /** Its heading and accessible name. */
  title: ReactNode;
  /** Shown under the heading. */
  description?: ReactNode;
  /** Names it for screen readers only. */
  hideTitle?: boolean;
  /** `right` and `left` are sheets at the edge of the window; `full` fills it. */
  side?: 'center' | 'right' | 'left' | 'full';
};

const places = {
  center:
    'top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[calc(100vw-1.5rem)] max-w-lg -translate-1/2 rounded-2xl border',
  right: 'inset-y-0 right-0 w-[calc(100vw-2.5rem)] max-w-md border-l',
  left: 'inset-y-0 left-0 w-[calc(100vw-2.5rem)] max-w-md border-r',
  full: 'inset-0 sm:inset-4 sm:rounded-2xl sm:border',
};

/** The window itself takes the focus where nothing in it asks for it: its name is read, and no button is pressed by mistake. */
function focusWindow(event: Event): void {
  event.preventDefault();
  (event.target as HTMLElement).focus();
}

export function DialogContent(props: ContentProps) {
  const { title, description, hideTitle = false, side = 'center', className, children, ...rest } = props;
  const { onOpenAutoFocus, ...others } = rest;
  const t = useTranslations('common');
  return (
    <Radix.Portal>
      <Radix.Overlay className="data-[state=open]:animate-fade fixed inset-0 z-40 bg-black/40" />
      <Radix.Content
        {...(description ? {} : { 'aria-describedby': undefined })}
        onOpenAutoFocus={(event) => {
          onOpenAutoFocus?.(event);
          if (!event.defaultPrevented) focusWindow(event);
        }}
        className={cn(
          'border-line bg-canvas text-ink data-[state=open]:animate-fade fixed z-50 flex flex-col overflow-hidden shadow-2xl outline-none',
          places[side],
          className,
        )}
        {...others}
      >
        <div className={cn('flex items-start gap-3 px-4 pt-3 pb-2', hideTitle && 'sr-only')}>
          <div className="min-w-0 flex-1 pt-1">
            <Radix.Title className="text-base leading-6 font-semibold">{title}</Radix.Title>
            {description && (
              <Radix.Description className="text-muted mt-0.5 text-sm leading-5">
                {description}
              </Radix.Description>
            )}
          </div>
          {!hideTitle && (
            <Radix.Close asChild>
              <IconButton label={t('close')} className="tip-below tip-end">
                <X aria-hidden />
              </IconButton>
            </Radix.Close>
          )}
        </div>
        {children}
      </Radix.Content>
    </Radix.Portal>
  );
}

/** The part of a dialog that scrolls. */
export function DialogBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-4', className)} {...props} />;
}
