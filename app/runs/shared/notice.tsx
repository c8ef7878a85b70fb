import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '../../_components/button';
import { cn } from '../../_components/cn';
import { useErrorText } from '../../_components/error-text';

/** That something could not be had, why, and the way to ask again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const common = useTranslations('common');
  const say = useErrorText();
  return (
    <div className="border-line bg-surface flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border px-4 py-3 text-sm">
      <p role="alert" className="flex min-w-0 flex-1 basis-60 items-center gap-2">
        <CircleAlert aria-hidden className="text-danger size-4 shrink-0" />
        {say(error)}
      </p>
      <Button size="small" onClick={onRetry}>
        {common('retry')}
      </Button>
    </div>
  );
}

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
