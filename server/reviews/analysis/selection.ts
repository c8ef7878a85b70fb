import type { QueueSource } from '../schema';

/**
 * Whether the items of a queue were chosen by how they came out, e.g. a run's failures or reported results. What people
 * say of them is then mostly one thing, by that choice: agreement beyond chance tells of the choice, not of the people,
 * and of another choice it would be another. A choice by group, by words of the prompt or at random is none.
 */
export function isSelectedByOutcome(source: QueueSource): boolean {
  if (source.from === 'flags') return true;
  if (source.from !== 'run') return false;
  const { verdict, state, reason, min, max } = source.filter;
  return [verdict, reason || undefined, min, max].some((one) => one !== undefined) || isFailure(state);
}

const isFailure = (state: string | undefined) => state === 'failed' || state === 'unscored';
