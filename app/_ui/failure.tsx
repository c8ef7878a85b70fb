import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from './button';
import { cn } from './cn';
import { useErrorText } from './error-text';

interface FailureProps {
  error: unknown;
  onRetry: () => void;
  className?: string;
}

/** That something could not be had, why, and the way to ask again. */
export function Failure({ error, onRetry, className }: FailureProps) {
  const common = useTranslations('common');
  const say = useErrorText();
  return (
    <div
      className={cn(
        'border-line bg-surface flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl border px-4 py-3 text-sm',
        className,
      )}
    >
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
