import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';

/** What is said where there is nothing to show. */
export function Nothing({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="border-line flex flex-col items-center gap-2 rounded-xl border border-dashed px-6 py-12 text-center">
      <p className="font-medium">{title}</p>
      {children && <p className="text-muted max-w-md text-sm leading-6 text-pretty">{children}</p>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

/** Room for something that is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-sheen bg-line rounded-lg', className)} />;
}
