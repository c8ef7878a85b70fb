import { createHmac, timingSafeEqual } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Db } from '../platform/db/client';
import { cookiePath } from '../platform/env/site-path';
import type { Logger } from '../platform/log/log';
import { visitorTokens, type VisitorTokens } from './visitor-token';
import { passwordLimits } from './schema';

/** A session ends so long after the sign-in, whatever happened since. */
export const sessionDays = 30;

export type Auth = ReturnType<typeof makeAuth>;

/**
 * better-auth, for the procedures of this folder alone: no route of its own is open, so there is no way in past them.
 * One instance for browsers that came by HTTPS, whose cookies say so, and one for the others.
 */
export interface AuthKit {
  of: (secure: boolean) => Auth;
  /** The token in the cookie of a session, when its signature is right; costs no query. */
  tokenOf: (headers: Headers, secure: boolean) => string | null;
  /** Of visitors whose cookies do not come back. */
  visitors: VisitorTokens;
}

function makeAuth({ db, log, secret, secure }: { db: Db; log: Logger; secret: string; secure: boolean }) {
  const hidden = { required: false, input: false, returned: false } as const;
  return betterAuth({
    appName: 'Nexus-Gen Studio',
    // Never asked for: links are made from the address that the browser knows.
    baseURL: secure ? 'https://studio.invalid' : 'http://studio.invalid',
    secret,
    database: prismaAdapter(db.prisma, { provider: 'postgresql', transaction: true }),
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log.error({ from: 'better-auth' }, message) },
    // An account is made by an invitation alone (join.ts).
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLimits.min,
      maxPasswordLength: passwordLimits.max,
    },
    user: {
      additionalFields: {
        role: { ...hidden, type: 'string' },
        visitorId: { ...hidden, type: 'string' },
        disabledAt: { ...hidden, type: 'date' },
      },
    },
    session: { expiresIn: sessionDays * 24 * 3600, disableSessionRefresh: true },
    // Counted by server/platform/limits, before better-auth is asked.
    rateLimit: { enabled: false },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const user = await db.prisma.user.findUnique({ where: { id: userId } });
            return user !== null && user.disabledAt === null;
          },
        },
      },
    },
    advanced: {
      cookiePrefix: 'studio',
      useSecureCookies: secure,
      defaultCookieAttributes: { path: cookiePath() },
      database: { generateId: 'uuid' },
      ipAddress: { disableIpTracking: true },
    },
  });
}

export function createAuth(deps: { db: Db; log: Logger; secret: string }): AuthKit {
  const made: { [secure: string]: Auth } = {};
  const of = (secure: boolean) => (made[String(secure)] ??= makeAuth({ ...deps, secure }));
  return {
    of,
    visitors: visitorTokens(deps.secret),
    tokenOf(headers, secure) {
      const value = cookieOf(headers, `${secure ? '__Secure-' : ''}studio.session_token`);
      return value && verified(value, deps.secret);
    },
  };
}

function cookieOf(headers: Headers, wanted: string): string | null {
  for (const part of (headers.get('cookie') ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim();
  }
  return null;
}

/** better-auth signs a cookie as `value.base64(HMAC-SHA256(value))`. */
function verified(encoded: string, secret: string): string | null {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    return null;
  }
  const at = text.lastIndexOf('.');
  if (at < 1) return null;
  const value = text.slice(0, at);
  const expected = createHmac('sha256', secret).update(value).digest();
  const given = Buffer.from(text.slice(at + 1), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? value : null;
}
