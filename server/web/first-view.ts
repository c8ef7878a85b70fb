import { cookies } from 'next/headers';
import type { GenerationView, ModelInfo } from '../demo/schema';
import { describeModel, listGenerations } from '../demo/service';
import { cookieName, isVisitorId } from '../trpc/visitor';
import { getServices } from './services';

/** What the demo's page shows first: the model, and the newest of the visitor's results. */
export interface FirstView {
  model: ModelInfo | null;
  results: { items: GenerationView[]; nextCursor: string | null } | null;
}

/** Null where the page has to ask by itself: the database is away, or no model was registered yet. */
export async function readFirstView(limit: number): Promise<FirstView> {
  const visitorId = (await cookies()).get(cookieName)?.value;
  const services = getServices();
  const unless = <T>(reading: Promise<T>) =>
    reading.catch((error: unknown) => {
      services.log.warn({ err: error }, 'the first view was left to the page');
      return null;
    });
  const [model, results] = await Promise.all([
    unless(describeModel(services)),
    visitorId && isVisitorId(visitorId)
      ? unless(listGenerations(services, visitorId, { limit }))
      : { items: [], nextCursor: null },
  ]);
  return { model, results };
}
