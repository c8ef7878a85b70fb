import { createHash, createHmac } from 'node:crypto';
import pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimitSettings } from '../env/env';
import { StudioError } from '../errors/errors';

/** Who asks. The address is null where it is not known. */
export interface Asker {
  visitorId: string;
  address?: string | null;
}

/** Rates, counted in the database for all web servers together; in this process alone while the database is away. */
export interface Limits {
  settings: LimitSettings;
  /** Counts a job, or several at once. @throws StudioError TOO_MANY, JOBS_PER_MINUTE, with when it will be possible again. */
  takeJob(who: Asker, jobs?: number): Promise<void>;
  /** Counts an upload: by address where it is known, so that throwing the cookie away gains nothing. @throws the same. */
  takeUpload(who: Asker): Promise<void>;
  close(): Promise<void>;
}

export function createLimits(databaseUrl: string, settings: LimitSettings): Limits {
  // Connections of its own: a count that is lost when the database crashes is no loss, and waits for no disk.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 4,
    options: '-c synchronous_commit=off',
    connectionTimeoutMillis: 2000,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  // Addresses are few enough to be guessed from a plain hash.
  const secret = createHash('sha256').update(`rate limits of ${databaseUrl}`).digest();
  const hashed = (key: string) => createHmac('sha256', secret).update(key).digest('base64url');

  function perMinute(keyPrefix: string, points: number) {
    if (points === 0) return null;
    const limiter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration: 60,
      // Who is over the limit is refused without another query.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration: 60 }),
    });
    return async (key: string, reason: string, what: string, count = 1) => {
      try {
        await limiter.consume(hashed(key), count);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw new StudioError('TOO_MANY', `${what}: at most ${points} a minute. Try again in ${seconds} s.`, {
          reason,
          params: { max: points, seconds },
          retryAfterSeconds: seconds,
        });
      }
    };
  }

  const jobs = perMinute('job', settings.jobsPerMinute);
  const jobsOfAddress = perMinute('job-address', settings.jobsPerMinuteAddress);
  const uploads = perMinute('upload', settings.uploadsPerMinute);
  return {
    settings,
    async takeJob({ visitorId, address }, count = 1) {
      await Promise.all([
        jobs?.(visitorId, 'JOBS_PER_MINUTE', 'You have sent too many jobs', count),
        address &&
          jobsOfAddress?.(
            address,
            'JOBS_PER_MINUTE_ADDRESS',
            'Too many jobs came from your network address',
            count,
          ),
      ]);
    },
    async takeUpload({ visitorId, address }) {
      await uploads?.(address ?? visitorId, 'UPLOADS_PER_MINUTE', 'You have uploaded too many pictures');
    },
    close: () => pool.end(),
  };
}
