import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { lookAtInvitation } from '../../server/accounts/invitations';
import { lookAtReset } from '../../server/accounts/join';
import { insertUser } from '../../server/accounts/users';
import { main } from '../../server/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** `studio accounts`: the way in for a team whose admins cannot sign in. */
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-accounts-'));
  database = await createTestDatabase(inject('adminUrl'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('STUDIO_HOME', folder);
  vi.stubEnv('PORT', '');
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function accounts(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  const code = await main(['accounts', ...args]);
  vi.restoreAllMocks();
  return { code, ...said };
}

test('invites, lists, and makes a link for a password', async () => {
  expect((await accounts('list')).stdout).toContain('No accounts yet');
  const invited = await accounts(
    'invite',
    '--role',
    'admin',
    '--days',
    '2',
    '--url',
    'https://studio.example',
  );
  expect(invited.code).toBe(0);
  const [link = '', means = ''] = invited.stdout.split('\n');
  expect(link).toMatch(/^https:\/\/studio\.example\/join\/[\w-]{43}$/);
  expect(means).toMatch(/one account with the role admin, until \d{4}-/);
  expect(await lookAtInvitation(database.db, link.slice(-43))).toMatchObject({
    state: 'open',
    role: 'admin',
  });

  const json = await accounts('invite', '--role', 'viewer', '--email', 'Ada@Studio.test', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    link: expect.stringMatching(/^http:\/\/localhost:3000\/join\//),
    email: 'ada@studio.test',
    role: 'viewer',
  });

  const ada = { name: 'Ada', email: 'ada@studio.test', role: 'admin', passwordHash: null } as const;
  await insertUser(database.db.pool, ada);
  expect((await accounts('list')).stdout).toMatch(/ada@studio\.test\s+Ada\s+admin .* active/);
  const reset = await accounts('reset', 'ada@studio.test');
  const [resetLink = ''] = reset.stdout.split('\n');
  expect(resetLink).toMatch(/^http:\/\/localhost:3000\/reset\/[\w-]{43}$/);
  expect(await lookAtReset(database.db, resetLink.slice(-43))).toEqual({
    name: 'Ada',
    email: 'ada@studio.test',
  });
});

test.each([
  [['invite'], /--role/],
  [['invite', '--role', 'owner'], /viewer, reviewer, admin/],
  [['invite', '--role', 'admin', '--days', '31'], /from 1 to 30/],
  [['invite', '--role', 'admin', '--email', 'ada'], /email address/],
  [['invite', '--role', 'admin', '--url', 'studio.example'], /not a server address/],
  [['reset', 'nobody@studio.test'], /has no account/],
])('%j is refused', async (args, line) => {
  const { code, stderr } = await accounts(...args);
  expect(code).toBe(2);
  expect(stderr).toMatch(line);
});
