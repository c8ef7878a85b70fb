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
  /**
   * Counts a try to sign in: of an address to an account, and of either alone ten times as many. The account counts
   * whether there is one or not.
   * @returns to be told that it was the right password: earlier tries count no more.
   * @throws StudioError TOO_MANY, SIGN_IN_ATTEMPTS
   */
  takeSignIn(who: { email: string; address?: string | null }): Promise<{ succeeded: () => Promise<void> }>;
  /** Counts the opening or use of an invitation or a link for a password. @throws StudioError TOO_MANY, LINKS_PER_MINUTE */
  takeLink(who: { address?: string | null }): Promise<void>;
  close(): Promise<void>;
}

/** Of one address: nobody opens so many, and whoever guesses needs 2^256. */
const linksPerMinute = 60;
const signInMinutes = 15;

export function createLimits(databaseUrl: string, settings: LimitSettings): Limits {
  // Connections of its own: a count that is lost when the database crashes is no loss, and waits for no disk.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 4,
    options: '-c synchronous_commit=off',
    // As long as the queries around it wait: what gives up sooner counts in this process alone, and lets others try again.
    connectionTimeoutMillis: 5000,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  // Addresses are few enough to be guessed from a plain hash.
  const secret = createHash('sha256').update(`rate limits of ${databaseUrl}`).digest();
  const hashed = (key: string) => createHmac('sha256', secret).update(key).digest('base64url');

  function limit(keyPrefix: string, points: number, minutes = 1) {
    if (points === 0) return null;
    const duration = 60 * minutes;
    const within = minutes === 1 ? 'per minute' : `in ${minutes} minutes`;
    const limiter = new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration,
      // Who is over the limit is refused without another query.
      inMemoryBlockOnConsumed: points + 1,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
    });
    const take = async (key: string, reason: string, what: string, count = 1) => {
      try {
        await limiter.consume(hashed(key), count);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw new StudioError(
          'TOO_MANY',
          `${what}; the limit is ${points} ${within}. Try again in ${seconds} s.`,
          {
            reason,
            params: { max: points, seconds, minutes },
            retryAfterSeconds: seconds,
          },
        );
      }
    };
    return Object.assign(take, { forget: (key: string) => limiter.delete(hashed(key)) });
  }

  const jobs = limit('job', settings.jobsPerMinute);
  const jobsOfAddress = limit('job-address', settings.jobsPerMinuteAddress);
  const uploads = limit('upload', settings.uploadsPerMinute);
  const attempts = settings.signInAttempts;
  const signIns = limit('sign-in', attempts, signInMinutes);
  const signInsToAccount = limit('sign-in-account', 10 * attempts, signInMinutes);
  const signInsOfAddress = limit('sign-in-address', 10 * attempts, signInMinutes);
  const links = limit('link', attempts && linksPerMinute);
  return {
    settings,
    async takeJob({ visitorId, address }, count = 1) {
      await Promise.all([
        jobs?.(visitorId, 'JOBS_PER_MINUTE', 'You’ve sent too many jobs', count),
        address &&
          jobsOfAddress?.(address, 'JOBS_PER_MINUTE_ADDRESS', 'Your network has sent too many jobs', count),
      ]);
    },
    async takeUpload({ visitorId, address }) {
      await uploads?.(address ?? visitorId, 'UPLOADS_PER_MINUTE', 'You’ve uploaded too many images');
    },
    async takeSignIn({ email, address }) {
      const pair = `${address ?? ''} ${email}`;
      const why = ['SIGN_IN_ATTEMPTS', 'Too many sign-in attempts'] as const;
      // One after the other: who is refused for an account is not counted against the next limit as well.
      await signIns?.(pair, ...why);
      await signInsToAccount?.(email, ...why);
      if (address) await signInsOfAddress?.(address, ...why);
      return { succeeded: async () => void (await signIns?.forget(pair)) };
    },
    async takeLink({ address }) {
      if (address) await links?.(address, 'LINKS_PER_MINUTE', 'Your network has opened too many links');
    },
    close: () => pool.end(),
  };
}
