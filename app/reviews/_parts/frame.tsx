import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';
import { PageLink } from '../../_ui/page-link';
import { PageFrame } from '../../_ui/page-frame';

interface FrameProps {
  title: ReactNode;
  /** Under the title. */
  lead?: ReactNode;
  /** Where the page belongs to; shown above the title. */
  back?: { href: string; label: string };
  /** Beside the title. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A page of the reviews: header, title, what can be done, and its content. */
export function Frame({ title, lead, back, actions, className, children }: FrameProps) {
  return (
    <PageFrame className={cn('max-w-6xl flex-1 px-3 pt-4 pb-16 sm:px-6 sm:pt-6', className)}>
      {back && (
        <PageLink
          href={back.href}
          className="text-muted hover:text-ink -ml-1 inline-flex items-center gap-0.5 rounded text-[13px]"
        >
          <ChevronLeft aria-hidden className="size-4" />
          {back.label}
        </PageLink>
      )}
      <div className={cn('flex flex-wrap items-start justify-between gap-x-6 gap-y-3', back && 'mt-1')}>
        <div className="min-w-0 flex-1 basis-80">
          <h2 className="text-xl leading-7 font-semibold tracking-tight [overflow-wrap:anywhere]">{title}</h2>
          {lead && <div className="text-muted mt-1 max-w-prose text-sm leading-6 text-pretty">{lead}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </PageFrame>
  );
}
