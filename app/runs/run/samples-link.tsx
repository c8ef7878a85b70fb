import { createContext, use, type MouseEvent, type ReactNode } from 'react';
import { sitePath } from '@/server/platform/env/site-path';
import { cn } from '../../_ui/cn';
import { samplesHref, type FilterUrl } from '../samples/url-state';

type Filters = Partial<Record<keyof FilterUrl, string>>;

/** Shows the samples of a filter on the page that is open. */
export const ShowSamples = createContext<(filters: Filters) => void>(() => {});

interface SamplesLinkProps {
  runId: string;
  filters: Filters;
  children: ReactNode;
  label?: string;
  className?: string;
}

/** A link to some samples of the run: in this page, or in a tab of its own as any link. */
export function SamplesLink({ runId, filters, children, label, className }: SamplesLinkProps) {
  const show = use(ShowSamples);
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    show(filters);
  };
  return (
    <a
      href={sitePath(samplesHref(runId, filters))}
      onClick={follow}
      aria-label={label}
      className={cn('text-accent rounded hover:underline', className)}
    >
      {children}
    </a>
  );
}
