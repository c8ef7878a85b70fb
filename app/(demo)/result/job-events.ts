import type { GenerationState, GenerationView } from '@/server/demo/schema';
import type { NumberedEvent } from '../../_trpc/follow-events';

/** What the event stream has told about a job that is not finished. */
export interface JobEvents {
  /** Number of the last event taken; one that comes again, after a reconnection, changes nothing. */
  last: number;
  state: GenerationState | null;
  stage: string | null;
  step: number;
  steps: number;
  preview: GenerationView['picture'];
  text: string;
  ended: boolean;
}

export const noJobEvents: JobEvents = {
  last: -1,
  state: null,
  stage: null,
  step: 0,
  steps: 0,
  preview: null,
  text: '',
  ended: false,
};

const atStart = { stage: null, step: 0, steps: 0, text: '' };

/** Folds one event in. Nothing that arrives after the end brings progress back. */
export function reduceJobEvents(live: JobEvents, { id, data }: NumberedEvent): JobEvents {
  const number = Number(id);
  if (live.ended || number <= live.last) return live;
  const next = { ...live, last: number };
  switch (data.type) {
    case 'state':
      // A job that is run again, because its worker died, starts from the beginning.
      if (data.state === 'queued' || data.state === 'running') Object.assign(next, atStart);
      return { ...next, state: data.state };
    case 'stage':
      return { ...next, stage: data.stage };
    case 'step':
      return { ...next, step: data.step, steps: data.steps };
    case 'preview':
      return { ...next, preview: data.picture };
    case 'token':
      return { ...next, text: next.text + data.text };
    case 'end':
      return { ...noJobEvents, last: number, ended: true, preview: live.preview };
  }
}

export const isFinished = (state: GenerationState) =>
  state === 'done' || state === 'failed' || state === 'cancelled';
