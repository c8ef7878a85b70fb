import { Ban, CircleAlert, X } from 'lucide-react';
import { useMutation } from '@tanstack/react-query';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { Button } from '../_components/button';
import { cn } from '../_components/cn';
import { useTRPC } from '../_trpc/client';
import { stageText } from './format';
import type { Live } from './live';
import { useGenerationCache } from './use-generations';

interface JobProgressProps {
  generation: GenerationView;
  state: GenerationState;
  live: Live;
  queue: { position: number; total: number } | undefined;
  broken: boolean;
}

/** How far a job is, and how it ended where it did not end well. */
export function JobProgress({ generation, state, live, queue, broken }: JobProgressProps) {
  const running = state === 'running' || state === 'queued' || state === 'cancelling';
  return (
    <>
      {/* Read aloud: the changes of state and stage, not every step. */}
      <p role="status" className="sr-only">
        {spoken(state, live, queue)}
      </p>
      {state === 'failed' && (
        <p className="bg-danger-soft text-danger mt-3 flex gap-2 rounded-lg px-3 py-2 text-sm leading-5">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{generation.error ?? 'The job failed.'}</span>
        </p>
      )}
      {state === 'cancelled' && (
        <p className="text-muted mt-3 flex items-center gap-2 text-sm">
          <Ban aria-hidden className="size-4" />
          {generation.picture ? 'Cancelled. This is the last preview.' : 'Cancelled.'}
        </p>
      )}
      {running && (
        <div className="mt-3">
          <div className="flex min-h-8 items-center justify-between gap-3">
            <p aria-hidden className="text-muted min-w-0 truncate text-sm tabular-nums">
              {broken ? 'Reconnecting…' : shown(state, live, queue)}
            </p>
            <CancelButton generation={generation} state={state} />
          </div>
          {generation.task !== 'understand' && <Bar state={state} live={live} />}
        </div>
      )}
    </>
  );
}

function Bar({ state, live }: { state: GenerationState; live: Live }) {
  const share = live.steps > 0 ? live.step / live.steps : 0;
  const moving = state === 'running' && live.steps > 0;
  return (
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={live.steps || undefined}
      aria-valuenow={moving ? live.step : undefined}
      aria-valuetext={moving ? `Step ${live.step} of ${live.steps}` : undefined}
      className="bg-sunken mt-1 h-1.5 overflow-hidden rounded-full"
    >
      <div
        className={cn(
          'h-full origin-left rounded-full transition-transform duration-150 ease-out',
          state === 'cancelling' ? 'bg-line-strong' : 'bg-accent',
          !moving && state === 'running' && 'animate-sheen',
        )}
        style={{
          transform: `scaleX(${moving || state === 'cancelling' ? share : state === 'running' ? 0.04 : 0})`,
        }}
      />
    </div>
  );
}

function CancelButton({ generation, state }: { generation: GenerationView; state: GenerationState }) {
  const trpc = useTRPC();
  const cache = useGenerationCache();
  const cancel = useMutation(
    trpc.demo.cancel.mutationOptions({
      onMutate: () => cache.putIfOlder({ ...generation, state: 'cancelling' }),
      onSuccess: (stored) => cache.putIfOlder(stored),
      onError: () => cache.putIfOlder(generation),
    }),
  );
  const cancelling = state === 'cancelling';
  return (
    <div className="flex shrink-0 items-center gap-2">
      {cancel.isError && (
        <span role="alert" className="text-danger text-xs">
          Not cancelled
        </span>
      )}
      <Button
        size="small"
        aria-disabled={cancelling}
        onClick={() => {
          if (!cancelling) cancel.mutate({ id: generation.id });
        }}
      >
        <X aria-hidden />
        {cancelling ? 'Cancelling…' : 'Cancel'}
      </Button>
    </div>
  );
}

function queueText(queue: JobProgressProps['queue']): string {
  if (!queue || queue.position < 1) return 'Waiting';
  return queue.position === 1
    ? `Next in the queue of ${queue.total}`
    : `Waiting: ${queue.position} of ${queue.total}`;
}

function shown(state: GenerationState, live: Live, queue: JobProgressProps['queue']): string {
  if (state === 'queued') return queueText(queue);
  if (state === 'cancelling') return 'Stopping at the next step';
  const stage = live.stage ? stageText(live.stage) : 'Starting';
  const drawing = live.steps > 0 && (live.stage === 'denoise' || live.stage === null);
  return drawing ? `${stage} · step ${live.step} of ${live.steps}` : stage;
}

function spoken(state: GenerationState, live: Live, queue: JobProgressProps['queue']): string {
  if (state === 'running') return live.stage ? stageText(live.stage) : 'Running';
  if (state === 'queued') return queueText(queue);
  return { cancelling: 'Cancelling', cancelled: 'Cancelled', done: 'Done', failed: 'Failed' }[state];
}
