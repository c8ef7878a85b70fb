import { bodyHeader } from '../../platform/limits/body-limits.mjs';

const shared = globalThis as typeof globalThis & { studioBodies?: Map<string, () => void> };

/**
 * Tells the server that nothing of a request's body is in memory any more, before the request is answered: its bytes no
 * longer count among those that are held (server/start/bodies.mjs).
 */
export function bodyIsDone({ headers }: Pick<Request, 'headers'>): void {
  shared.studioBodies?.get(headers.get(bodyHeader) ?? '')?.();
}
