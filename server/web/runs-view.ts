import { TRPCError } from '@trpc/server';
import { cache } from 'react';
import type { RunDetail, RunList, SampleList, Comparison } from '../runs/schema';
import { pageCaller } from './caller';
import { getServices } from './services';

/** What the pages of runs show first. */

type Caller = Awaited<ReturnType<typeof pageCaller>>;
type Input<Name extends keyof Caller['runs']> = Parameters<Caller['runs'][Name]>[0];

/** Null where the page has to ask by itself, e.g. while the database is away. */
async function unless<T>(reading: (caller: Caller) => Promise<T>): Promise<T | null> {
  try {
    return await reading(await pageCaller());
  } catch (error) {
    getServices().log.warn({ err: error }, 'the first view was left to the page');
    return null;
  }
}

/** The first page of the list. */
export const readRunsView = (input: Input<'list'>): Promise<RunList | null> =>
  unless((caller) => caller.runs.list(input));

/** The first page of a run's samples. */
export const readSamplesView = (input: Input<'samples'>): Promise<SampleList | null> =>
  unless((caller) => caller.runs.samples(input));

/** A run, read once a request; `gone` where there is none. */
export const readRun = cache((id: string): Promise<RunDetail | 'gone' | null> =>
  unless(async (caller) => {
    try {
      return await caller.runs.get({ id });
    } catch (error) {
      if (error instanceof TRPCError && error.code === 'NOT_FOUND') return 'gone';
      throw error;
    }
  }),
);

/** A comparison; null also where the two cannot be compared: the page says why. */
export async function readComparison(first: string, second: string): Promise<Comparison | null> {
  try {
    return await (await pageCaller()).runs.compare({ first, second });
  } catch (error) {
    if (!(error instanceof TRPCError) || error.code === 'INTERNAL_SERVER_ERROR')
      getServices().log.warn({ err: error }, 'the first view was left to the page');
    return null;
  }
}
