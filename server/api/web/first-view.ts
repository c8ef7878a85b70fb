import type { GenerationView, ModelInfo } from '../../demo/schema';
import { describeModel, listGenerations } from '../../demo/jobs/service';
import { readWho } from './current-user';
import { getServices } from './services';

/** What the demo's page shows first: the model, and the newest of the visitor's results. */
export interface FirstView {
  model: ModelInfo | null;
  results: { items: GenerationView[]; nextCursor: string | null } | null;
}

/** Null where the page has to ask by itself: the database is away, or no model was registered yet. */
export async function readFirstView(limit: number): Promise<FirstView> {
  const services = getServices();
  const who = await readWho();
  const unless = <T>(reading: Promise<T>) =>
    reading.catch((error: unknown) => {
      services.log.warn({ err: error }, 'the first view was left to the page');
      return null;
    });
  const [model, results] = await Promise.all([
    unless(describeModel(services)),
    // Null: the page asks. A browser without a cookie has nothing yet.
    who &&
      (who.isNew
        ? { items: [], nextCursor: null }
        : unless(listGenerations(services, who.visitorId, { limit }))),
  ]);
  return { model, results };
}
