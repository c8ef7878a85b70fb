import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { invite } from '../../server/accounts/invitations';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser } from '../support/test-browser';

/** Who guesses passwords or links is stopped, and told when to come again. */
let database: TestDatabase;
let studio: TestStudio;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url, { signInAttempts: 3 });
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const password = 'correct horse battery';
const from = (address: string) => createTestBrowser(studio.services, { address }).api.accounts;
async function person(address: string): Promise<string> {
  const email = `${randomUUID()}@studio.test`;
  const { token } = await invite(studio.services.db, null, { role: 'viewer', days: 1 });
  await from(address).join.mutate({ token, name: 'Ada', email, password });
  return email;
}
const reasonOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: { data?: { reason?: string } }) => error.data?.reason,
  );

test.each([true, false])('tries to sign in to one account, which is there: %s', async (exists) => {
  const address = exists ? '198.51.100.1' : '198.51.100.2';
  const email = exists ? await person(address) : 'nobody@studio.test';
  const attempt = () => from(address).signIn.mutate({ email, password: 'not the password' });
  for (let n = 0; n < 3; n++) expect(await reasonOf(attempt())).toBe('WRONG_CREDENTIALS');
  const error: unknown = await attempt().catch((e: unknown) => e);
  expect(error).toMatchObject({
    message: expect.stringMatching(/the limit is 3 in 15 minutes\. Try again in \d+ s\./),
    data: { code: 'TOO_MANY_REQUESTS', reason: 'SIGN_IN_ATTEMPTS', params: { max: 3, minutes: 15 } },
  });
  expect((error as { data: { retryAfterSeconds: number } }).data.retryAfterSeconds).toBeGreaterThan(800);
  // Nor is the right password taken now; but from elsewhere the person gets in.
  if (!exists) return;
  expect(await reasonOf(from(address).signIn.mutate({ email, password }))).toBe('SIGN_IN_ATTEMPTS');
  expect(await reasonOf(from('198.51.100.3').signIn.mutate({ email, password }))).toBeNull();
});

test('the right password forgets the tries before it', async () => {
  const address = '198.51.100.4';
  const email = await person(address);
  for (let n = 0; n < 6; n++) {
    const secret = n % 2 === 0 ? 'not the password' : password;
    const reason = await reasonOf(from(address).signIn.mutate({ email, password: secret }));
    expect(reason).toBe(secret === password ? null : 'WRONG_CREDENTIALS');
  }
});

test('one address cannot try all accounts, nor all addresses one account', async () => {
  const tries = (n: number, email: (i: number) => string, address: (i: number) => string) =>
    Array.from({ length: n }, (_, i) =>
      reasonOf(from(address(i)).signIn.mutate({ email: email(i), password: 'not the password' })),
    );
  const one = await Promise.all(
    tries(
      34,
      (i) => `person${i}@studio.test`,
      () => '198.51.100.5',
    ),
  );
  expect(one.filter((reason) => reason === 'SIGN_IN_ATTEMPTS')).toHaveLength(4);
  const many = await Promise.all(
    tries(
      34,
      () => 'one@studio.test',
      (i) => `203.0.113.${i}`,
    ),
  );
  expect(many.filter((reason) => reason === 'SIGN_IN_ATTEMPTS')).toHaveLength(4);
});

test('links: so many of one address a minute', async () => {
  const guess = () =>
    from('198.51.100.6').join.mutate({
      ...{ token: 'A'.repeat(43), name: 'Ada', email: 'ada@studio.test', password },
    });
  const reasons = await Promise.all(Array.from({ length: 62 }, () => reasonOf(guess())));
  expect(reasons.filter((reason) => reason === 'LINKS_PER_MINUTE')).toHaveLength(2);
  expect(reasons.filter((reason) => reason === 'INVITATION_UNKNOWN')).toHaveLength(60);
});
