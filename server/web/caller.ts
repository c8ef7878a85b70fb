import { StudioError } from '../errors/errors';
import { createCaller } from '../trpc/root';
import { readWho } from './me';
import { getServices } from './services';

/**
 * Procedures as whoever asked for the page may call them, for first views that come with the page.
 * @throws StudioError DATABASE_UNREACHABLE
 */
export async function pageCaller(): Promise<ReturnType<typeof createCaller>> {
  const who = await readWho();
  if (!who) throw new StudioError('DATABASE_UNREACHABLE', 'The session could not be read.');
  return createCaller({ ...getServices(), visitorId: who.visitorId, user: who.user });
}
