import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { password, reasonOf, teamOf, type TestTeam } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser } from '../support/test-browser';

/** Sessions: how they begin, what they are good for, how they end. */
let database: TestDatabase;
let studio: TestStudio;
let team: TestTeam;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = teamOf(studio);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

test('a wrong password and an unknown address are refused in the same words', async () => {
  const { email } = await team.joined('viewer');
  const { api } = createTestBrowser(studio.services);
  const tries = await Promise.all(
    [email, 'nobody@studio.test'].map((one) =>
      api.accounts.signIn.mutate({ email: one, password: 'not the password' }).catch((e: unknown) => e),
    ),
  );
  const [wrong, unknown] = tries.map((error) => {
    const { message, data } = error as { message: string; data: object };
    return { message, data };
  });
  expect(wrong).toEqual(unknown);
  expect(wrong).toMatchObject({ data: { code: 'BAD_REQUEST', reason: 'WRONG_CREDENTIALS' } });
});

test('a sign-in ends the session that the browser had, and makes a new token', async () => {
  const { browser, email } = await team.joined('viewer');
  const name = 'studio.session_token';
  const before = browser.cookies.get(name) ?? '';
  await browser.api.accounts.signIn.mutate({ email: email.toUpperCase(), password });
  expect(browser.cookies.get(name)).not.toBe(before);
  expect(await browser.api.accounts.sessions.query()).toHaveLength(1);
  browser.cookies.set(name, before);
  expect(await browser.api.accounts.me.query()).toBeNull();
});

test('a cookie that the server did not sign is nobody, and costs no query', async () => {
  const { browser } = await team.joined('admin');
  const name = 'studio.session_token';
  const [token = '', signature = ''] = decodeURIComponent(browser.cookies.get(name) ?? '').split('.');
  const forged = [
    `${token}.${signature.slice(0, -4)}AAA=`,
    token,
    `${token}.`,
    '.',
    '%',
    `${token.slice(1)}a.${signature}`,
  ];
  const { auth } = studio.services;
  for (const value of forged) {
    const headers = new Headers({ cookie: `${name}=${value === '%' ? value : encodeURIComponent(value)}` });
    expect(auth.tokenOf(headers, false)).toBeNull();
  }
  // Nor is one of an insecure browser taken for that of a secure one.
  const headers = new Headers({ cookie: browser.header() });
  expect(auth.tokenOf(headers, false)).toBe(token);
  expect(auth.tokenOf(headers, true)).toBeNull();
});

test.each([false, true])('cookies of sessions, by HTTPS: %s', async (secure) => {
  const { browser } = await team.joined('viewer', { secure });
  const line = browser.set.find((one) => one.includes('session_token')) ?? '';
  expect(line).toMatch(/HttpOnly/);
  expect(line).toMatch(/SameSite=Lax/);
  expect(line).toMatch(/Path=\//);
  expect(line).not.toMatch(/Domain/);
  expect(line.includes('Secure')).toBe(secure);
  expect(line.startsWith('__Secure-')).toBe(secure);
});

test('an expired session is nobody', async () => {
  const { browser, me } = await team.joined('admin');
  await database.db.pool.query(`UPDATE account_session SET expires_at = now() WHERE user_id = $1`, [me.id]);
  expect(await browser.api.accounts.me.query()).toBeNull();
  expect(await reasonOf(browser.api.accounts.people.query({}))).toBe('SIGN_IN');
});

test('a role that is taken away counts from the next request on', async () => {
  const { browser, me } = await team.joined('admin');
  const admin = await studio.asUser(await studio.user('admin'));
  await browser.api.accounts.people.query({});
  await admin.accounts.setRole({ id: me.id, role: 'reviewer' });
  expect(await reasonOf(browser.api.accounts.people.query({}))).toBe('ROLE_NEEDED');
  expect(await browser.api.accounts.me.query()).toMatchObject({ role: 'reviewer' });
});

test('a disabled account: sessions, sign-in, links for passwords, invitations and keys all end', async () => {
  const { browser, me, email } = await team.joined('admin');
  const admin = await studio.asUser(await studio.user('admin'));
  const { secret } = await browser.api.keys.create.mutate({ name: 'mine' });
  const { token } = await browser.api.accounts.invite.mutate({ role: 'admin' });
  const reset = await admin.accounts.makeResetLink({ id: me.id });
  const { visitorOfKey } = await import('../../server/accounts/keys/service');
  expect(await visitorOfKey(studio.services, secret)).not.toBeNull();

  await admin.accounts.setDisabled({ id: me.id, disabled: true });
  expect(await browser.api.accounts.me.query()).toBeNull();
  expect(await visitorOfKey(studio.services, secret)).toBeNull();
  const other = createTestBrowser(studio.services).api.accounts;
  expect(await reasonOf(other.signIn.mutate({ email, password }))).toBe('ACCOUNT_DISABLED');
  expect(await reasonOf(other.signIn.mutate({ email, password: 'not the password' }))).toBe(
    'WRONG_CREDENTIALS',
  );
  expect(await reasonOf(other.join.mutate(team.person(token)))).toBe('INVITATION_REVOKED');
  expect(await reasonOf(other.resetPassword.mutate({ token: reset.token, password }))).toBe('RESET_GONE');
  expect(await reasonOf(admin.accounts.makeResetLink({ id: me.id }))).toBe('ACCOUNT_IS_DISABLED');

  await admin.accounts.setDisabled({ id: me.id, disabled: false });
  expect(await reasonOf(other.signIn.mutate({ email, password }))).toBeNull();
  expect(await visitorOfKey(studio.services, secret)).not.toBeNull();
});

test('a link for a new password works once, and ends every session', async () => {
  const { browser, me, email } = await team.joined('reviewer');
  const admin = await studio.asUser(await studio.user('admin'));
  const early = await admin.accounts.makeResetLink({ id: me.id });
  const { token } = await admin.accounts.makeResetLink({ id: me.id });
  const other = createTestBrowser(studio.services);
  const send = (one: string) =>
    other.api.accounts.resetPassword.mutate({ token: one, password: 'another one' });
  expect(await reasonOf(send(early.token))).toBe('RESET_GONE');
  const answers = await Promise.all([reasonOf(send(token)), reasonOf(send(token))]);
  expect(answers.sort()).toEqual(['RESET_GONE', null]);
  expect(await browser.api.accounts.me.query()).toBeNull();
  expect(await reasonOf(browser.api.accounts.signIn.mutate({ email, password }))).toBe('WRONG_CREDENTIALS');
  await browser.api.accounts.signIn.mutate({ email, password: 'another one' });
});

test('a person changes their password, and sees and ends their sessions', async () => {
  const { browser, email } = await team.joined('viewer');
  const [second, third] = [createTestBrowser(studio.services), createTestBrowser(studio.services)];
  for (const one of [second, third]) await one.api.accounts.signIn.mutate({ email, password });
  const sessions = await browser.api.accounts.sessions.query();
  expect(sessions).toHaveLength(3);
  expect(sessions.filter(({ current }) => current)).toHaveLength(1);
  expect(sessions[0]).toMatchObject({ userAgent: expect.stringContaining('Firefox') });
  const mine = (await second.api.accounts.sessions.query()).find(({ current }) => current);
  await browser.api.accounts.endSession.mutate({ id: mine?.id ?? '' });
  expect(await second.api.accounts.me.query()).toBeNull();

  const change = { current: 'not the password', password: 'something new' };
  expect(await reasonOf(browser.api.accounts.changePassword.mutate(change))).toBe('WRONG_PASSWORD');
  await browser.api.accounts.changePassword.mutate({ ...change, current: password });
  expect(await third.api.accounts.me.query()).toBeNull();
  expect(await browser.api.accounts.me.query()).toMatchObject({ email });
  await second.api.accounts.signIn.mutate({ email, password: 'something new' });
  expect(await browser.api.accounts.endOtherSessions.mutate()).toEqual({ ended: 1 });
  expect(await browser.api.accounts.sessions.query()).toHaveLength(1);
});

test('nobody ends another’s session', async () => {
  const [mine, other] = [await team.joined('admin'), await team.joined('viewer')];
  const [session] = await other.browser.api.accounts.sessions.query();
  expect(await reasonOf(mine.browser.api.accounts.endSession.mutate({ id: session?.id ?? '' }))).toBe(
    'NO_SESSION',
  );
});

test('the secret is made once, for the owner’s eyes only', async () => {
  const { secretOf } = await import('../../server/accounts/secret');
  const made = secretOf(studio.home);
  expect(made).toMatch(/^[\w-]{43}$/);
  expect(secretOf(studio.home)).toBe(made);
  expect(statSync(path.join(studio.home, 'auth-secret')).mode & 0o777).toBe(0o600);
});
