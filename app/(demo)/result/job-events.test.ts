import { describe, expect, it } from 'vitest';
import type { GenerationEventView, GenerationView } from '@/server/demo/schema';
import { noJobEvents, reduceJobEvents } from './job-events';

const fold = (...events: [number, GenerationEventView][]) =>
  events.reduce((live, [id, data]) => reduceJobEvents(live, { id: String(id), data }), noJobEvents);

const generation = { id: 'a', state: 'done' } as unknown as GenerationView;

describe('reduceJobEvents', () => {
  it('gathers stage, step and text', () => {
    const live = fold(
      [1, { type: 'state', state: 'running' }],
      [2, { type: 'stage', stage: 'decode' }],
      [3, { type: 'token', text: 'two' }],
      [4, { type: 'token', text: ' apples' }],
      [5, { type: 'step', step: 3, steps: 12 }],
    );
    expect(live).toMatchObject({ state: 'running', stage: 'decode', text: 'two apples', step: 3, steps: 12 });
  });

  it('takes an event that is sent again after a reconnection only once', () => {
    const token: [number, GenerationEventView] = [1, { type: 'token', text: 'two' }];
    expect(fold(token, token, token).text).toBe('two');
  });

  it('begins anew when a job is run again', () => {
    const live = fold(
      [1, { type: 'token', text: 'half an ans' }],
      [2, { type: 'step', step: 9, steps: 12 }],
      [3, { type: 'state', state: 'running' }],
    );
    expect(live).toMatchObject({ text: '', step: 0, steps: 0, stage: null });
  });

  it('clears progress at the end, whatever arrives late', () => {
    const live = fold(
      [1, { type: 'step', step: 9, steps: 12 }],
      [2, { type: 'end', generation }],
      [3, { type: 'step', step: 10, steps: 12 }],
      [4, { type: 'state', state: 'running' }],
    );
    expect(live).toMatchObject({ ended: true, step: 0, steps: 0, state: null });
  });
});
