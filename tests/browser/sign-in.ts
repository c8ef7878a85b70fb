import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import pg from 'pg';
import { secretOf } from '../../server/accounts/secret';
import type { Me, Role } from '../../server/accounts/schema';
import { insertUser } from '../../server/accounts/users';
import { builtInUrl } from '../../server/start/postgres';

/** A connection to the database of the product under test, for what no page can prepare. */
export async function withDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const url = await builtInUrl(process.env.STUDIO_TEST_HOME ?? '');
  if (!url) throw new Error('the product under test has no database');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

const cookieName = 'studio.session_token';

/**
 * Makes a person of the team who is signed in, as a sign-in would: by a session in the database.
 * @returns the person, and the signed cookie as a browser sends it
 */
export async function makeSession(
  role: Role,
  name: string,
  userAgent: string,
): Promise<{ me: Me; cookie: string }> {
  const token = randomBytes(24).toString('base64url');
  const me = await withDatabase(async (client) => {
    const email = `${role}-${randomUUID().slice(0, 8)}@studio.test`;
    const made = await insertUser(client, { name, email, role, passwordHash: null });
    await client.query(
      `INSERT INTO account_session (user_id, token, expires_at, user_agent) VALUES ($1, $2, now() + interval '1 day', $3)`,
      [made.id, token, userAgent],
    );
    return made;
  });
  const secret = secretOf(process.env.STUDIO_TEST_HOME ?? '');
  const signature = createHmac('sha256', secret).update(token).digest('base64');
  return { me, cookie: `${cookieName}=${encodeURIComponent(`${token}.${signature}`)}` };
}

/** Makes a person of the team and signs this page's browser in. The next page it opens is theirs. */
export async function signIn(page: Page, role: Role, name = `Test ${role}`): Promise<Me> {
  const { me, cookie } = await makeSession(role, name, await page.evaluate(() => navigator.userAgent));
  await page.context().addCookies([
    {
      name: cookieName,
      value: cookie.slice(cookieName.length + 1),
      url: `http://127.0.0.1:${process.env.STUDIO_TEST_PORT}`,
      httpOnly: true,
      sameSite: 'Lax',
    },
  ]);
  return me;
}

/** Changes the role of somebody who is signed in, as an admin would. */
export const giveRole = (me: Me, role: Role): Promise<unknown> =>
  withDatabase((client) => client.query('UPDATE account_user SET role = $2 WHERE id = $1', [me.id, role]));
