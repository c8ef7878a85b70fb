import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { firstLink, invite } from '../../server/accounts/invitations';
import { password, reasonOf, teamOf, type TestTeam } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser } from '../support/test-browser';

/** Invitations, the accounts that they make, and what admins do about them. */
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

test('the first start’s link makes one admin, a later start’s makes the earlier one void, and then there are no more', async () => {
  const { db } = studio.services;
  const [early, late] = [await firstLink(db), await firstLink(db)];
  const browser = createTestBrowser(studio.services);
  expect(await reasonOf(browser.api.accounts.join.mutate(team.person(early ?? '')))).toBe(
    'INVITATION_REVOKED',
  );
  const me = await browser.api.accounts.join.mutate(team.person(late ?? ''));
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
    expect(await reasonOf(browser.api.accounts.join.mutate(team.person(token)))).toBe('INVITATION_REVOKED');
  } finally {
    await fresh.close();
    await other.drop();
  }
});

test('who joins has the invitation’s role, whatever else they send', async () => {
  const browser = createTestBrowser(studio.services);
  const sent = {
    ...team.person(await team.linkFor('viewer')),
    role: 'admin',
    emailVerified: true,
    visitorId: 'x',
  };
  const me = await browser.api.accounts.join.mutate(sent);
  expect(me.role).toBe('viewer');
  await browser.api.accounts.rename.mutate({ name: 'Ada', role: 'admin' } as { name: string });
  expect(await browser.api.accounts.me.query()).toEqual({ ...me, name: 'Ada' });
});

test('an invitation: used twice, expired, revoked, unknown or for another address', async () => {
  const { api } = createTestBrowser(studio.services);
  const used = await team.linkFor('viewer');
  await api.accounts.join.mutate(team.person(used));
  expect(await reasonOf(api.accounts.join.mutate(team.person(used)))).toBe('INVITATION_USED');

  const expired = await team.linkFor('viewer');
  await database.db.pool.query(`UPDATE invitation SET expires_at = now() WHERE used_at IS NULL`);
  expect(await reasonOf(api.accounts.join.mutate(team.person(expired)))).toBe('INVITATION_EXPIRED');

  const admin = await studio.asUser(await studio.user('admin'));
  const { id, token } = await admin.accounts.invite({ role: 'viewer', email: 'Only@Studio.Test ' });
  expect(await reasonOf(api.accounts.join.mutate(team.person(token)))).toBe('INVITATION_EMAIL');
  await admin.accounts.revokeInvitation({ id });
  expect((await admin.accounts.revokeInvitation({ id })).state).toBe('revoked');
  expect(await reasonOf(api.accounts.join.mutate(team.person(token)))).toBe('INVITATION_REVOKED');

  const guessed = randomBytes(32).toString('base64url');
  expect(await reasonOf(api.accounts.join.mutate(team.person(guessed)))).toBe('INVITATION_UNKNOWN');
});

test('of people who use one link at the same moment, one gets the account', async () => {
  const token = await team.linkFor('reviewer');
  const before = await database.db.prisma.user.count();
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() =>
      reasonOf(createTestBrowser(studio.services).api.accounts.join.mutate(team.person(token))),
    ),
  );
  expect(answers.filter((reason) => reason === null)).toHaveLength(1);
  expect(answers.filter((reason) => reason === 'INVITATION_USED')).toHaveLength(3);
  expect(await database.db.prisma.user.count()).toBe(before + 1);
});

test('an address has one account, however it is written, and a failed try leaves the link open', async () => {
  const { email } = await team.joined('viewer');
  const token = await team.linkFor('viewer');
  const { api } = createTestBrowser(studio.services);
  const again = { ...team.person(token), email: email.toUpperCase() };
  expect(await reasonOf(api.accounts.join.mutate(again))).toBe('EMAIL_TAKEN');
  expect(await reasonOf(api.accounts.join.mutate(team.person(token)))).toBeNull();
});

test.each([
  ['nine cha.', 'BAD_REQUEST'],
  ['x'.repeat(129), 'BAD_REQUEST'],
  ['aaaaaaaaaaaa', 'PASSWORD_REPEATS'],
  ['Someone.Else@studio.test', 'PASSWORD_IS_EMAIL'],
  ['someone.else', 'PASSWORD_IS_EMAIL'],
])('the password %j is refused', async (weak, reason) => {
  const { api } = createTestBrowser(studio.services);
  const sent = {
    ...team.person(await team.linkFor('viewer')),
    email: 'someone.else@studio.test',
    password: weak,
  };
  const error: unknown = await api.accounts.join.mutate(sent).catch((e: unknown) => e);
  expect(error).toMatchObject({ data: { code: 'BAD_REQUEST' } });
  if (reason !== 'BAD_REQUEST') expect(error).toMatchObject({ data: { reason } });
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

test('what admins do is recorded, without tokens and passwords', async () => {
  const { me } = await team.joined('viewer');
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
