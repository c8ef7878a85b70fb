import { createAuth } from '../../accounts/auth';
import { secretOf } from '../../accounts/secret';
import { openBlobs, openThumbnails } from '../../platform/blobs/open';
import { createDb } from '../../platform/db/client';
import { createHub } from '../../platform/db/hub';
import { parseEnv } from '../../platform/env/env';
import { StudioError } from '../../platform/errors/errors';
import { createLimits } from '../../platform/limits/limits';
import { siteTurns } from '../../platform/limits/turns';
import { createLog } from '../../platform/log/log';
import type { Services } from '../../accounts/context';

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
    blobs: openBlobs(env.home),
    thumbnails: openThumbnails(env.home),
    hub: createHub(env.databaseUrl),
    limits: createLimits(env.databaseUrl, env.limits),
    turns: siteTurns(),
    auth: createAuth({ db, log, secret: env.authSecret ?? secretOf(env.home) }),
  };
  return kept.studioServices;
}
