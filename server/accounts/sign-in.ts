import type { Db } from '../platform/db/client';
import { transaction } from '../platform/db/transaction';
import { StudioError } from '../platform/errors/errors';
import type { Limits } from '../platform/limits/limits';
import type { Browser } from './context';
import { newVisitor, visitorCookie } from './visitor';
import { record } from '../platform/audit/audit';
import type { AuthKit } from './auth';
import { refuseWeak } from './join';
import { moveVisitor } from './move-visitor';
import type { Me } from './schema';

/** Sessions in a browser: they begin here, and end. */

export interface SignInDeps {
  db: Db;
  auth: AuthKit;
  limits: Limits;
  address?: string | null;
}

interface Credentials {
  email: string;
  password: string;
}

/**
 * Begins a session of who knows the password.
 * @throws StudioError as `beginSession`; TOO_MANY
 */
export async function signIn(deps: SignInDeps, browser: Browser, credentials: Credentials): Promise<Me> {
  const counted = await deps.limits.takeSignIn({ email: credentials.email, address: deps.address });
  const me = await beginSession(deps, browser, credentials);
  await counted.succeeded();
  return me;
}

/**
 * Begins a session: a new one, whatever the browser had. What its anonymous visitor has moves to the account.
 * @throws StudioError BAD_REQUEST, the same for an unknown address and a wrong password; FORBIDDEN for a disabled
 *   account, to who knows its password
 */
export async function beginSession(
  { db, auth }: Pick<SignInDeps, 'db' | 'auth'>,
  browser: Browser,
  credentials: Credentials,
): Promise<Me> {
  const { headers, response } = await auth
    .of(browser.secure)
    .api.signInEmail({ body: credentials, headers: browser.headers, returnHeaders: true })
    .catch(refusalOf);
  await endHere({ db, auth }, browser);
  const user = await transaction(db.pool, async (client) => {
    const { rows } = await client.query<Me & { visitorId: string | null }>(
      `SELECT id, name, email, role, visitor_id AS "visitorId" FROM account_user WHERE id = $1`,
      [response.user.id],
    );
    if (!rows[0]) throw new Error('the account is not there');
    if (rows[0].visitorId) await moveVisitor(client, browser.visitorId, rows[0].visitorId);
    return rows[0];
  });
  for (const cookie of headers.getSetCookie()) browser.addCookie(cookie);
  const { id, name, email, role } = user;
  return { id, name, email, role };
}

/**
 * A refusal of better-auth. Known by its name: in the built pages the class stands in two bundles, and is then another.
 * @throws the error itself where it is anything else
 */
function refused(error: unknown): { status: number; code: string | undefined } {
  const { name, statusCode, body } = error as {
    name?: string;
    statusCode?: number;
    body?: { code?: string };
  };
  if (name !== 'APIError' || typeof statusCode !== 'number') throw error;
  return { status: statusCode, code: body?.code };
}

function refusalOf(error: unknown): never {
  const { status, code } = refused(error);
  if (code === 'FAILED_TO_CREATE_SESSION')
    throw new StudioError('FORBIDDEN', 'This account is disabled. Ask a team admin.', {
      reason: 'ACCOUNT_DISABLED',
    });
  if (status !== 401 && status !== 400) throw error;
  throw new StudioError('BAD_REQUEST', 'Wrong email address or password.', {
    reason: 'WRONG_CREDENTIALS',
  });
}

/** The session that the browser had, if any, is good no more. */
async function endHere({ db, auth }: Pick<SignInDeps, 'db' | 'auth'>, browser: Browser): Promise<void> {
  const token = auth.tokenOf(browser.headers, browser.secure);
  if (token) await db.pool.query('DELETE FROM account_session WHERE token = $1', [token]);
}

/** Ends the session here. The browser goes on as a new visitor, who has nothing. Safe to repeat. */
export async function signOut({ auth }: Pick<SignInDeps, 'auth'>, browser: Browser): Promise<void> {
  const { headers } = await auth
    .of(browser.secure)
    .api.signOut({ headers: browser.headers, returnHeaders: true });
  for (const cookie of headers.getSetCookie()) browser.addCookie(cookie);
  browser.addCookie(visitorCookie(newVisitor(), browser.secure));
}

/**
 * Changes the password, and ends all other sessions. The one here gets a new token.
 * @throws StudioError BAD_REQUEST when the present password is wrong, or the new one is weak; TOO_MANY
 */
export async function changePassword(
  { db, auth, limits, address }: SignInDeps,
  browser: Browser,
  { me, current, password }: { me: Me; current: string; password: string },
): Promise<void> {
  refuseWeak(password, me.email);
  // A browser left open is no place to guess the password.
  const counted = await limits.takeSignIn({ email: me.email, address });
  const { headers } = await auth
    .of(browser.secure)
    .api.changePassword({
      body: { currentPassword: current, newPassword: password, revokeOtherSessions: true },
      headers: browser.headers,
      returnHeaders: true,
    })
    .catch((error: unknown) => {
      if (refused(error).status !== 400) throw error;
      throw new StudioError('BAD_REQUEST', 'This is not your current password.', {
        reason: 'WRONG_PASSWORD',
      });
    });
  await counted.succeeded();
  for (const cookie of headers.getSetCookie()) browser.addCookie(cookie);
  await record(db.pool, { userId: me.id, what: 'account.password_changed' });
}
