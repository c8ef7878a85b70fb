import { cn } from '../../_ui/cn';

/** How much of a whole is done. `label` names it for screen readers. */
export function Progress(props: { label: string; value: number; of: number; className?: string }) {
  const { label, value, of, className } = props;
  const share = of > 0 ? Math.min(1, value / of) : 0;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={value}
      className={cn('bg-sunken h-1.5 overflow-hidden rounded-full', className)}
    >
      <div
        className="bg-accent h-full rounded-full transition-[width] duration-300"
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}
