import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { firstLink, invite } from '../../server/accounts/invitations';
import type { Role } from '../../server/accounts/schema';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser } from '../support/test-browser';

let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const password = 'correct horse battery';
let people = 0;
const person = (token: string) => {
  const n = ++people;
  return { token, name: `Person ${n}`, email: `person${n}@studio.test`, password };
};
const linkFor = async (role: Role, email?: string) =>
  (await invite(studio.services.db, null, { role, email, days: 7 })).token;
/** Somebody who has joined, in their browser. */
async function joined(role: Role, options: { secure?: boolean } = {}) {
  const browser = createTestBrowser(studio.services, options);
  const who = person(await linkFor(role));
  const me = await browser.api.accounts.join.mutate(who);
  return { browser, me, email: who.email };
}
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: { data?: { reason?: string }; cause?: { reason?: string }; message: string }) =>
      error.data?.reason ?? error.cause?.reason ?? error.message,
  );

test('the first start’s link makes one admin, a later start’s makes the earlier one void, and then there are no more', async () => {
  const { db } = studio.services;
  const [early, late] = [await firstLink(db), await firstLink(db)];
  const browser = createTestBrowser(studio.services);
  expect(await reasonOf(browser.api.accounts.join.mutate(person(early ?? '')))).toBe('INVITATION_REVOKED');
  const me = await browser.api.accounts.join.mutate(person(late ?? ''));
  expect(me.role).toBe('admin');
  expect(await browser.api.accounts.me.query()).toEqual(me);
  expect(await firstLink(db)).toBeNull();
});

test('a first link is good no more once somebody has an account by another way', async () => {
  const other = await createTestDatabase(inject('adminUrl'));
  const fresh = await createStudio(other.url);
  try {
    const token = (await firstLink(fresh.services.db)) ?? '';
    await fresh.user('viewer');
    const browser = createTestBrowser(fresh.services);
    expect(await reasonOf(browser.api.accounts.join.mutate(person(token)))).toBe('INVITATION_REVOKED');
  } finally {
    await fresh.close();
    await other.drop();
  }
});

test('who joins has the invitation’s role, whatever else they send', async () => {
  const browser = createTestBrowser(studio.services);
  const sent = { ...person(await linkFor('viewer')), role: 'admin', emailVerified: true, visitorId: 'x' };
  const me = await browser.api.accounts.join.mutate(sent);
  expect(me.role).toBe('viewer');
  await browser.api.accounts.rename.mutate({ name: 'Ada', role: 'admin' } as { name: string });
  expect(await browser.api.accounts.me.query()).toEqual({ ...me, name: 'Ada' });
});

test('an invitation: used twice, expired, revoked, unknown or for another address', async () => {
  const { api } = createTestBrowser(studio.services);
  const used = await linkFor('viewer');
  await api.accounts.join.mutate(person(used));
  expect(await reasonOf(api.accounts.join.mutate(person(used)))).toBe('INVITATION_USED');

  const expired = await linkFor('viewer');
  await database.db.pool.query(`UPDATE invitation SET expires_at = now() WHERE used_at IS NULL`);
  expect(await reasonOf(api.accounts.join.mutate(person(expired)))).toBe('INVITATION_EXPIRED');

  const admin = await studio.asUser(await studio.user('admin'));
  const { id, token } = await admin.accounts.invite({ role: 'viewer', email: 'Only@Studio.Test ' });
  expect(await reasonOf(api.accounts.join.mutate(person(token)))).toBe('INVITATION_EMAIL');
  await admin.accounts.revokeInvitation({ id });
  expect((await admin.accounts.revokeInvitation({ id })).state).toBe('revoked');
  expect(await reasonOf(api.accounts.join.mutate(person(token)))).toBe('INVITATION_REVOKED');

  const guessed = randomBytes(32).toString('base64url');
  expect(await reasonOf(api.accounts.join.mutate(person(guessed)))).toBe('INVITATION_UNKNOWN');
});

test('of people who use one link at the same moment, one gets the account', async () => {
  const token = await linkFor('reviewer');
  const before = await database.db.prisma.user.count();
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() =>
      reasonOf(createTestBrowser(studio.services).api.accounts.join.mutate(person(token))),
    ),
  );
  expect(answers.filter((reason) => reason === null)).toHaveLength(1);
  expect(answers.filter((reason) => reason === 'INVITATION_USED')).toHaveLength(3);
  expect(await database.db.prisma.user.count()).toBe(before + 1);
});

test('an address has one account, however it is written, and a failed try leaves the link open', async () => {
  const { email } = await joined('viewer');
  const token = await linkFor('viewer');
  const { api } = createTestBrowser(studio.services);
  const again = { ...person(token), email: email.toUpperCase() };
  expect(await reasonOf(api.accounts.join.mutate(again))).toBe('EMAIL_TAKEN');
  expect(await reasonOf(api.accounts.join.mutate(person(token)))).toBeNull();
});

test.each([
  ['nine cha.', 'BAD_REQUEST'],
  ['x'.repeat(129), 'BAD_REQUEST'],
  ['aaaaaaaaaaaa', 'PASSWORD_REPEATS'],
  ['Someone.Else@studio.test', 'PASSWORD_IS_EMAIL'],
  ['someone.else', 'PASSWORD_IS_EMAIL'],
])('the password %j is refused', async (weak, reason) => {
  const { api } = createTestBrowser(studio.services);
  const sent = { ...person(await linkFor('viewer')), email: 'someone.else@studio.test', password: weak };
  const error: unknown = await api.accounts.join.mutate(sent).catch((e: unknown) => e);
  expect(error).toMatchObject({ data: { code: 'BAD_REQUEST' } });
  if (reason !== 'BAD_REQUEST') expect(error).toMatchObject({ data: { reason } });
});

test('a wrong password and an unknown address are refused in the same words', async () => {
  const { email } = await joined('viewer');
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
  const { browser, email } = await joined('viewer');
  const name = 'studio.session_token';
  const before = browser.cookies.get(name) ?? '';
  await browser.api.accounts.signIn.mutate({ email: email.toUpperCase(), password });
  expect(browser.cookies.get(name)).not.toBe(before);
  expect(await browser.api.accounts.sessions.query()).toHaveLength(1);
  browser.cookies.set(name, before);
  expect(await browser.api.accounts.me.query()).toBeNull();
});

test('a cookie that the server did not sign is nobody, and costs no query', async () => {
  const { browser } = await joined('admin');
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
  const { browser } = await joined('viewer', { secure });
  const line = browser.set.find((one) => one.includes('session_token')) ?? '';
  expect(line).toMatch(/HttpOnly/);
  expect(line).toMatch(/SameSite=Lax/);
  expect(line).toMatch(/Path=\//);
  expect(line).not.toMatch(/Domain/);
  expect(line.includes('Secure')).toBe(secure);
  expect(line.startsWith('__Secure-')).toBe(secure);
});

test('an expired session is nobody', async () => {
  const { browser, me } = await joined('admin');
  await database.db.pool.query(`UPDATE account_session SET expires_at = now() WHERE user_id = $1`, [me.id]);
  expect(await browser.api.accounts.me.query()).toBeNull();
  expect(await reasonOf(browser.api.accounts.people.query({}))).toBe('SIGN_IN');
});

test('a role that is taken away counts from the next request on', async () => {
  const { browser, me } = await joined('admin');
  const admin = await studio.asUser(await studio.user('admin'));
  await browser.api.accounts.people.query({});
  await admin.accounts.setRole({ id: me.id, role: 'reviewer' });
  expect(await reasonOf(browser.api.accounts.people.query({}))).toBe('ROLE_NEEDED');
  expect(await browser.api.accounts.me.query()).toMatchObject({ role: 'reviewer' });
});

test('a disabled account: sessions, sign-in, links for passwords, invitations and keys all end', async () => {
  const { browser, me, email } = await joined('admin');
  const admin = await studio.asUser(await studio.user('admin'));
  const { secret } = await browser.api.keys.create.mutate({ name: 'mine' });
  const { token } = await browser.api.accounts.invite.mutate({ role: 'admin' });
  const reset = await admin.accounts.makeResetLink({ id: me.id });
  const { visitorOfKey } = await import('../../server/keys/service');
  expect(await visitorOfKey(studio.services, secret)).not.toBeNull();

  await admin.accounts.setDisabled({ id: me.id, disabled: true });
  expect(await browser.api.accounts.me.query()).toBeNull();
  expect(await visitorOfKey(studio.services, secret)).toBeNull();
  const other = createTestBrowser(studio.services).api.accounts;
  expect(await reasonOf(other.signIn.mutate({ email, password }))).toBe('ACCOUNT_DISABLED');
  expect(await reasonOf(other.signIn.mutate({ email, password: 'not the password' }))).toBe(
    'WRONG_CREDENTIALS',
  );
  expect(await reasonOf(other.join.mutate(person(token)))).toBe('INVITATION_REVOKED');
  expect(await reasonOf(other.resetPassword.mutate({ token: reset.token, password }))).toBe('RESET_GONE');
  expect(await reasonOf(admin.accounts.makeResetLink({ id: me.id }))).toBe('ACCOUNT_IS_DISABLED');

  await admin.accounts.setDisabled({ id: me.id, disabled: false });
  expect(await reasonOf(other.signIn.mutate({ email, password }))).toBeNull();
  expect(await visitorOfKey(studio.services, secret)).not.toBeNull();
});

test('the last admin stays one, whoever asks at the same moment', async () => {
  const other = await createTestDatabase(inject('adminUrl'));
  const fresh = await createStudio(other.url);
  try {
    const [a, b] = [await fresh.user('admin'), await fresh.user('admin')];
    const [asA, asB] = [await fresh.asUser(a), await fresh.asUser(b)];
    const answers = await Promise.all([
      reasonOf(asA.accounts.setRole({ id: b.id, role: 'viewer' })),
      reasonOf(asB.accounts.setDisabled({ id: a.id, disabled: true })),
    ]);
    expect(answers.filter((reason) => reason === null)).toHaveLength(1);
    expect(answers).toContain('ADMIN_NO_MORE');
    const [left] = await other.db.prisma.user.findMany({ where: { role: 'admin', disabledAt: null } });
    const last = left?.id === a.id ? asA : asB;
    const id = left?.id ?? '';
    expect(await reasonOf(last.accounts.setRole({ id, role: 'reviewer' }))).toBe('LAST_ADMIN');
    expect(await reasonOf(last.accounts.setDisabled({ id, disabled: true }))).toBe('LAST_ADMIN');
  } finally {
    await fresh.close();
    await other.drop();
  }
});

test('a link for a new password works once, and ends every session', async () => {
  const { browser, me, email } = await joined('reviewer');
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
  const { browser, email } = await joined('viewer');
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
  const [mine, other] = [await joined('admin'), await joined('viewer')];
  const [session] = await other.browser.api.accounts.sessions.query();
  expect(await reasonOf(mine.browser.api.accounts.endSession.mutate({ id: session?.id ?? '' }))).toBe(
    'NO_SESSION',
  );
});

test('what admins do is recorded, without tokens and passwords', async () => {
  const { me } = await joined('viewer');
  const boss = await studio.user('admin', 'Grace');
  const admin = await studio.asUser(boss);
  const { token } = await admin.accounts.invite({ role: 'reviewer', email: 'new@studio.test', days: 3 });
  await admin.accounts.setRole({ id: me.id, role: 'reviewer' });
  await admin.accounts.setRole({ id: me.id, role: 'reviewer' });
  await admin.accounts.endSessionsOf({ id: me.id });
  const reset = await admin.accounts.makeResetLink({ id: me.id });
  const { items } = await admin.accounts.audit({});
  expect(items.slice(0, 4)).toMatchObject([
    { what: 'account.reset_link', who: { name: 'Grace' }, details: { user: me.id } },
    { what: 'account.sessions_ended', details: { user: me.id } },
    { what: 'account.role', details: { user: me.id, from: 'viewer', to: 'reviewer' } },
    { what: 'account.invited', details: { role: 'reviewer', email: 'new@studio.test', days: 3 } },
  ]);
  const { rows } = await database.db.pool.query<{ all: string }>(
    'SELECT json_agg(e)::text AS all FROM audit_event e',
  );
  for (const secret of [token, reset.token, password]) expect(rows[0]?.all).not.toContain(secret);
});

test('lists of people and invitations go on page by page', async () => {
  const admin = await studio.asUser(await studio.user('admin'));
  for (let n = 0; n < 60; n++) await invite(studio.services.db, null, { role: 'viewer', days: 1 });
  const first = await admin.accounts.invitations({});
  const second = await admin.accounts.invitations({ cursor: first.nextCursor });
  expect(first.items).toHaveLength(50);
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(JSON.stringify(first)).not.toMatch(/hash|token/i);
  const people = await admin.accounts.people({});
  expect(people.nextCursor).toBeNull();
  expect(people.items.length).toBe(await database.db.prisma.user.count());
});

test('the secret is made once, for the owner’s eyes only', async () => {
  const { secretOf } = await import('../../server/accounts/secret');
  const made = secretOf(studio.home);
  expect(made).toMatch(/^[\w-]{43}$/);
  expect(secretOf(studio.home)).toBe(made);
  expect(statSync(path.join(studio.home, 'auth-secret')).mode & 0o777).toBe(0o600);
});
