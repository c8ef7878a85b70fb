import path from 'node:path';
import { createAuth } from '../accounts/auth';
import { secretOf } from '../accounts/secret';
import { diskBlobs } from '../blobs/disk';
import { createDb } from '../db/client';
import { createHub } from '../demo/hub';
import { parseEnv } from '../env/env';
import { StudioError } from '../errors/errors';
import { createLimits } from '../limits/limits';
import { siteTurns } from '../limits/turns';
import { createLog } from '../log/log';
import { diskThumbnails } from '../blobs/thumbnails';
import type { Services } from '../trpc/context';

const kept = globalThis as typeof globalThis & { studioServices?: Services };

/** The services of this web process, made at the first request and shared by every route. */
export function getServices(): Services {
  if (kept.studioServices) return kept.studioServices;
  const env = parseEnv(process.env);
  if (!env.databaseUrl)
    throw new StudioError('BAD_SETTING', 'DATABASE_URL is not set. Start with `npm start`, which sets it.');
  const db = createDb(env.databaseUrl);
  const log = createLog('web', env.logLevel);
  kept.studioServices = {
    ...{ db, log },
    blobs: diskBlobs(path.join(env.home, 'blobs')),
    thumbnails: diskThumbnails(path.join(env.home, 'thumbnails')),
    hub: createHub(env.databaseUrl),
    limits: createLimits(env.databaseUrl, env.limits),
    turns: siteTurns(),
    auth: createAuth({ db, log, secret: env.authSecret ?? secretOf(env.home) }),
  };
  return kept.studioServices;
}
