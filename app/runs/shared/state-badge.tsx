import { Ban, Check, CircleAlert, LoaderCircle, Pause } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { RunState } from '@/server/evaluation/runs/schema';
import { cn } from '../../_ui/cn';

/** What a run does, also while a wish of this page is on its way. */
export type ShownState = RunState | 'preparing' | 'pausing' | 'resuming' | 'cancelling';

const icons = {
  running: LoaderCircle,
  paused: Pause,
  cancelled: Ban,
  done: Check,
  failed: CircleAlert,
  preparing: LoaderCircle,
  pausing: LoaderCircle,
  resuming: LoaderCircle,
  cancelling: LoaderCircle,
};

const looks: Record<ShownState, string> = {
  running: 'bg-accent-soft text-accent',
  preparing: 'bg-accent-soft text-accent',
  resuming: 'bg-accent-soft text-accent',
  paused: 'bg-sunken text-ink',
  pausing: 'bg-sunken text-ink',
  cancelled: 'bg-sunken text-muted',
  cancelling: 'bg-sunken text-ink',
  done: 'bg-sunken text-ink',
  failed: 'bg-danger-soft text-danger',
};

/** The state of a run, in a word and a sign. */
export function StateBadge({ state, className }: { state: ShownState; className?: string }) {
  const t = useTranslations('runs');
  const Icon = icons[state];
  return (
    <span
      className={cn(
        'inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap',
        looks[state],
        className,
      )}
    >
      <Icon aria-hidden className={cn('size-3.5', Icon === LoaderCircle && 'animate-spin')} />
      {t(`states.${state}`)}
    </span>
  );
}
