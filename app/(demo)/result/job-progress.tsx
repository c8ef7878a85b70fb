import { Ban, Bell, BellRing, CircleAlert, X } from 'lucide-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import type { GenerationState, GenerationView } from '@/server/demo/schema';
import { Button, IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useWorkers } from '../../_ui/use-workers';
import { useErrorText } from '../../_ui/error-text';
import { useTRPC } from '../../_trpc/client';
import type { JobEvents } from './job-events';
import { useGenerationCache } from '../thread/use-generations';
import type { QueuePlace } from './use-job-events';
import { useResultFormat } from './use-result-format';
import { canNotify, setNotification, wantsNotification } from '../thread/tab-status';

interface JobProgressProps {
  generation: GenerationView;
  state: GenerationState;
  live: JobEvents;
  queue: QueuePlace | undefined;
  broken: boolean;
}

/** How far a job is, and how it ended where it did not end well. */
export function JobProgress({ generation, state, live, queue, broken }: JobProgressProps) {
  const t = useTranslations('results.progress');
  const say = useErrorText();
  const workers = useWorkers(state === 'queued');
  const unserved = workers?.serves === false ? t('unserved') : null;
  const text = useProgressText(state, live, queue);
  const running = state === 'running' || state === 'queued' || state === 'cancelling';
  return (
    <>
      <p role="status" className="sr-only">
        {unserved ?? text.spoken}
      </p>
      {state === 'failed' && (
        <p className="bg-danger-soft text-danger mt-3 flex gap-2 rounded-lg px-3 py-2 text-sm leading-5">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 break-words">{generation.error ? say(generation) : t('failed')}</span>
        </p>
      )}
      {state === 'cancelled' && (
        <p className="text-muted mt-3 flex items-center gap-2 text-sm">
          <Ban aria-hidden className="size-4" />
          {generation.picture ? t('lastPreview') : t('cancelled')}
        </p>
      )}
      {running && (
        <div className="mt-3">
          <div className="flex min-h-8 items-center justify-between gap-3">
            <p className="text-muted min-w-0 truncate text-sm tabular-nums">
              {broken ? t('reconnecting') : (unserved ?? text.shown)}
            </p>
            <div className="flex shrink-0 items-center gap-1">
              <NotifyButton />
              <CancelButton generation={generation} state={state} />
            </div>
          </div>
          {generation.task !== 'understand' && <Bar state={state} live={live} />}
          <Times generation={generation} state={state} queue={queue} />
        </div>
      )}
    </>
  );
}

/** How long it has taken and, where that was measured, how long it will. One line from the beginning. */
function Times({ generation, state, queue }: Pick<JobProgressProps, 'generation' | 'state' | 'queue'>) {
  const t = useTranslations('results.progress');
  const words = useResultFormat();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const eta = state === 'cancelling' || !queue ? null : words.eta(queue);
  return (
    <p className="text-muted mt-1.5 flex min-h-4 justify-between gap-3 text-xs leading-4 tabular-nums">
      <span>{t('elapsed', { time: words.elapsed(now - generation.createdAt.getTime()) })}</span>
      {eta && <span>{eta}</span>}
    </p>
  );
}

function Bar({ state, live }: { state: GenerationState; live: JobEvents }) {
  const t = useTranslations('results.progress');
  const share = live.steps > 0 ? live.step / live.steps : 0;
  const moving = state === 'running' && live.steps > 0;
  return (
    <div
      role="progressbar"
      aria-label={t('label')}
      aria-valuemin={0}
      aria-valuemax={live.steps || undefined}
      aria-valuenow={moving ? live.step : undefined}
      aria-valuetext={moving ? t('step', { step: String(live.step), steps: String(live.steps) }) : undefined}
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
  const t = useTranslations('results.progress');
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
          {t('notCancelled')}
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
        {cancelling ? t('cancelling') : t('cancel')}
      </Button>
    </div>
  );
}

/** What is seen, and what is read aloud: states, the place in the queue and the two long stages, not every step. */
function useProgressText(state: GenerationState, live: JobEvents, queue: QueuePlace | undefined) {
  const t = useTranslations('results');
  const words = useResultFormat();
  const place = () => {
    if (queue?.coldStart) return t('progress.coldStart');
    if (!queue || queue.position < 1) return t('state.queued');
    const total = String(queue.total);
    return queue.position === 1
      ? t('progress.next', { total })
      : t('progress.waiting', { position: String(queue.position), total });
  };
  if (state === 'queued') return { shown: place(), spoken: place() };
  if (state === 'cancelling') return { shown: t('progress.stopping'), spoken: t('state.cancelling') };
  if (state !== 'running') return { shown: null, spoken: t(`state.${state}`) };
  const stage = live.stage ? words.stage(live.stage) : t('progress.starting');
  const long = live.stage === 'denoise' || live.stage === 'decode';
  const drawing = live.steps > 0 && (live.stage === 'denoise' || live.stage === null);
  return {
    shown: drawing
      ? t('progress.drawing', { stage, step: String(live.step), steps: String(live.steps) })
      : stage,
    spoken: long ? stage : t('state.running'),
  };
}

/** Whether the system tells when a job has ended while the page is out of sight; nothing where it cannot. */
function NotifyButton() {
  const t = useTranslations('results.notify');
  const [on, setOn] = useState(wantsNotification);
  if (!canNotify()) return null;
  return (
    <IconButton
      label={t(on ? 'on' : 'off')}
      className="tip-end aria-pressed:text-accent"
      aria-pressed={on}
      onClick={() => void setNotification(!on).then(setOn)}
    >
      {on ? <BellRing aria-hidden /> : <Bell aria-hidden />}
    </IconButton>
  );
}
