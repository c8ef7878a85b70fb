import { TRPCError } from '@trpc/server';
import { cache } from 'react';
import type { RunDetail, RunList, SampleList, Comparison } from '../../evaluation/runs/schema';
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

/** Images that the first window of a grid holds. */
const firstWindow = 24;

/**
 * The first page of a run's samples. Of a recorded run, whose images are drawn when somebody looks, the first are asked
 * for already: they are drawn while the browser loads the page that will ask for all.
 */
export const readSamplesView = (input: Input<'samples'>, recorded: boolean): Promise<SampleList | null> =>
  unless(async (caller) => {
    const page = await caller.runs.samples(input);
    const hashes = page.items.slice(0, firstWindow).flatMap(({ picture }) => picture?.hash ?? []);
    if (recorded && hashes.length > 0)
      void caller.images.wait({ hashes, served: true, hold: false }).catch((error: unknown) => {
        getServices().log.warn({ err: error }, 'the first images were left to the page');
      });
    return page;
  });

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
