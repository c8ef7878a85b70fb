import { cache } from 'react';
import { StudioError } from '../../platform/errors/errors';
import { tokenSchema, type Shared } from '../../demo/sharing/schema';
import { readShared } from '../../demo/sharing/service';
import { getServices } from './services';

/** The result behind a public link, read once a request; null where there is none. */
export const sharedResult = cache(async (token: string): Promise<Shared | null> => {
  if (!tokenSchema.safeParse(token).success) return null;
  try {
    return await readShared(getServices(), token);
  } catch (error) {
    if (error instanceof StudioError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
});
