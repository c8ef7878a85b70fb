import { cn } from '../../_ui/cn';

interface ProgressBarProps {
  label: string;
  done: number;
  expected: number;
  /** Of `done`: those without a usable result. */
  failed?: number;
  className?: string;
}

/** How much of a run has its end state; what failed stands at the end of it in red. */
export function ProgressBar({ label, done, expected, failed = 0, className }: ProgressBarProps) {
  const share = (n: number) => (expected > 0 ? Math.min(1, n / expected) : 0);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, expected)}
      aria-valuenow={Math.min(done, expected)}
      className={cn('bg-line relative h-1.5 overflow-hidden rounded-full', className)}
    >
      <div
        className="bg-accent absolute inset-y-0 left-0 w-full origin-left transition-transform duration-300"
        style={{ transform: `scaleX(${share(done)})` }}
      />
      {failed > 0 && (
        <div
          className="bg-danger absolute inset-y-0"
          style={{ left: `${share(done - failed) * 100}%`, width: `${share(failed) * 100}%` }}
        />
      )}
    </div>
  );
}
