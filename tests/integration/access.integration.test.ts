import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { atLeast } from '../../server/accounts/schema';
import { appRouter, type createCaller } from '../../server/api/root';
import { acceptPicture } from '../../server/api/web/uploads';
import { allowed } from '../support/allowed';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** Every procedure, called by another visitor with the ids of what somebody else has. */
let database: TestDatabase;
let studio: TestStudio;
let owned: Owned;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  owned = await everythingOf(randomUUID());
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

type Caller = ReturnType<typeof createCaller>;

interface Owned {
  visitor: Caller;
  /** A finished result with a picture and a source, and one that waits. */
  result: string;
  waiting: string;
  upload: string;
  picture: string;
  grid: string;
  key: string;
}

async function everythingOf(visitorId: string): Promise<Owned> {
  const visitor = studio.as(visitorId);
  const picture = async (background: string) => {
    const bytes = await sharp({ create: { width: 40, height: 32, channels: 3, background } })
      .png()
      .toBuffer();
    return (await acceptPicture(studio.services, { visitorId }, bytes)).hash;
  };
  const [upload, made] = [await picture('#c02020'), await picture('#2020c0')];
  const edit = { task: 'edit', prompt: 'private words', sourceHash: upload } as const;
  const { id: result } = await visitor.demo.submit(edit);
  // The picture is known by the result alone, as one that a worker stored is.
  await studio.services.db.pool.query(
    `UPDATE generation SET state = 'done', finished_at = now(), picture_hash = '${made}' WHERE id = '${result}'`,
  );
  await studio.services.db.pool.query(`DELETE FROM upload WHERE hash = '${made}'`);
  const { id: waiting } = await visitor.demo.submit(edit);
  const { id: grid } = await visitor.grids.submit({
    base: { task: 'generate', prompt: 'private words' },
    x: { parameter: 'seed', values: [1, 2] },
    requestId: randomUUID(),
  });
  const { id: key } = await visitor.keys.create({ name: 'private' });
  return { visitor, result, waiting, upload, picture: made, grid, key };
}

/**
 * `denied`: refused as if it were not there, or because of who asks. `empty`: answered with nothing of the owner's.
 * `failed`: did nothing, for another reason.
 */
type Expected = 'denied' | 'empty' | 'failed';
const edit = { task: 'edit', prompt: 'mine' } as const;
const nobody = '00000000-0000-4000-8000-000000000000';
const link = 'A'.repeat(43);

const passed = { answers: { verdict: 'pass' as const } };
const aPlace = () => ({ taskId: randomUUID(), lease: randomUUID() });
const aQueue = () => ({
  ...{ name: 'mine', source: { from: 'flags' as const }, requestId: randomUUID() },
  rubric: { questions: [{ type: 'verdict' as const, question: 'Good?' }] },
});

const entries: Record<string, [Expected, (other: Caller, of: Owned) => Promise<unknown>][]> = {
  'accounts.me': [['empty', (other) => other.accounts.me()]],
  // Without a browser nothing begins or ends; what they do in one is in accounts.integration.test.ts.
  'accounts.signIn': [
    ['failed', (other) => other.accounts.signIn({ email: 'mine@studio.test', password: 'mine' })],
  ],
  'accounts.signOut': [['failed', (other) => other.accounts.signOut()]],
  'accounts.join': [
    [
      'failed',
      (other) =>
        other.accounts.join({
          ...{ token: link, name: 'mine', email: 'mine@studio.test', password: 'something else' },
        }),
    ],
  ],
  'accounts.resetPassword': [
    ['failed', (other) => other.accounts.resetPassword({ token: link, password: 'something else' })],
  ],
  'demo.model': [['empty', (other) => other.demo.model()]],
  'demo.submit': [
    ['denied', (other, of) => other.demo.submit({ ...edit, sourceHash: of.upload })],
    ['denied', (other, of) => other.demo.submit({ ...edit, sourceHash: of.picture })],
    ['denied', (other, of) => other.demo.submit({ task: 'generate', prompt: 'mine', parentId: of.result })],
  ],
  'demo.cancel': [['denied', (other, of) => other.demo.cancel({ id: of.waiting })]],
  'demo.remove': [['denied', (other, of) => other.demo.remove({ id: of.result })]],
  'demo.get': [['denied', (other, of) => other.demo.get({ id: of.result })]],
  'demo.list': [
    ['empty', (other) => other.demo.list({})],
    ['empty', (other) => other.demo.list({ cursor: 'ffffffff-ffff-7fff-bfff-ffffffffffff' })],
  ],
  'demo.polish': [['empty', (other) => other.demo.polish({ prompt: 'mine' }).catch(onlyConflict)]],
  'demo.pictureCheck': [['empty', (other, of) => other.demo.pictureCheck({ hash: of.upload })]],
  'demo.queue': [['denied', (other, of) => other.demo.queue({ id: of.waiting })]],
  'demo.events': [
    [
      'denied',
      async (other, of) => {
        for await (const event of await other.demo.events({ id: of.result })) return event;
        return null;
      },
    ],
  ],
  'estimates.before': [['empty', (other) => other.estimates.before({ task: 'generate' })]],
  'grids.submit': [
    [
      'denied',
      (other, of) =>
        other.grids.submit({
          base: { ...edit, sourceHash: of.upload },
          x: { parameter: 'seed', values: [1] },
          requestId: randomUUID(),
        }),
    ],
    [
      'denied',
      (other, of) =>
        other.grids.submit({
          base: { task: 'generate', prompt: 'mine', parentId: of.result },
          x: { parameter: 'seed', values: [1] },
          requestId: randomUUID(),
        }),
    ],
  ],
  'grids.get': [['denied', (other, of) => other.grids.get({ id: of.grid })]],
  'grids.cancel': [['denied', (other, of) => other.grids.cancel({ id: of.grid })]],
  'grids.remove': [['denied', (other, of) => other.grids.remove({ id: of.grid })]],
  'history.search': [['empty', (other) => other.history.search({ query: 'private' })]],
  'history.lineage': [['denied', (other, of) => other.history.lineage({ id: of.result })]],
  'history.byPicture': [['empty', (other, of) => other.history.byPicture({ hash: of.picture })]],
  'history.removeMany': [['denied', (other, of) => other.history.removeMany({ ids: [of.result] })]],
  // Whoever knows the hash of an image knows that there is one; nothing else is told of it.
  'images.link': [['denied', (other, of) => other.images.link({ hash: of.picture })]],
  'images.wait': [['empty', (other, of) => other.images.wait({ hashes: [of.picture], served: true })]],
  'images.workers': [['empty', (other) => other.images.workers()]],
  'keys.create': [['empty', (other) => other.keys.create({ name: 'mine' })]],
  'keys.list': [['empty', (other) => other.keys.list()]],
  'keys.revoke': [['denied', (other, of) => other.keys.revoke({ id: of.key })]],
  // Of nothing here is anybody the owner; whose runs are whose is below.
  'runs.list': [['empty', (other) => other.runs.list({})]],
  'runs.get': [['denied', (other, of) => other.runs.get({ id: of.result })]],
  'runs.follow': [
    [
      'denied',
      async (other, of) => {
        for await (const progress of await other.runs.follow({ id: of.result })) return progress;
        return null;
      },
    ],
  ],
  'runs.samples': [['denied', (other, of) => other.runs.samples({ runId: of.result })]],
  'runs.sample': [['denied', (other, of) => other.runs.sample({ id: of.result })]],
  'runs.sweep': [['denied', (other, of) => other.runs.sweep({ runId: of.result })]],
  'runs.flips': [['denied', (other, of) => other.runs.flips({ runId: of.result, threshold: 0.5 })]],
  'runs.compare': [['denied', (other, of) => other.runs.compare({ first: of.result, second: of.waiting })]],
  'runs.comparedItems': [
    [
      'denied',
      (other, of) =>
        other.runs.comparedItems({
          ...{ first: of.result, second: of.waiting },
          metric: 'l1',
          which: 'both',
        }),
    ],
  ],
  'runs.options': [['denied', (other) => other.runs.options()]],
  'runs.start': [
    [
      'denied',
      (other, of) =>
        other.runs.start({
          ...{ benchmark: 'geneval', settings: {}, requestId: randomUUID() },
          model: { revisionId: of.result },
        }),
    ],
  ],
  'runs.pause': [['denied', (other, of) => other.runs.pause({ id: of.result })]],
  'runs.resume': [['denied', (other, of) => other.runs.resume({ id: of.result })]],
  'runs.cancel': [['denied', (other, of) => other.runs.cancel({ id: of.result })]],
  'runs.edit': [['denied', (other, of) => other.runs.edit({ id: of.result, name: 'mine' })]],
  'runs.setVisibility': [
    ['denied', (other, of) => other.runs.setVisibility({ id: of.result, visibility: 'published' })],
  ],
  'runs.remove': [['denied', (other, of) => other.runs.remove({ id: of.result })]],
  'leaderboard.overview': [['empty', (other) => other.leaderboard.overview()]],
  'leaderboard.table': [
    ['empty', (other) => other.leaderboard.table({ benchmark: 'geneval' })],
    ['denied', (other) => other.leaderboard.table({ benchmark: 'no such' })],
  ],
  'leaderboard.history': [
    ['empty', (other) => other.leaderboard.history({ benchmark: 'geneval', model: 'private' })],
  ],
  'leaderboard.citation': [['denied', (other, of) => other.leaderboard.citation({ runId: of.result })]],
  'reviews.queues': [['denied', (other) => other.reviews.queues()]],
  'reviews.queue': [['denied', (other) => other.reviews.queue({ id: randomUUID() })]],
  'reviews.create': [['denied', (other) => other.reviews.create(aQueue())]],
  'reviews.update': [['denied', (other) => other.reviews.update({ id: randomUUID(), state: 'closed' })]],
  'reviews.sourceCount': [['denied', (other) => other.reviews.sourceCount({ source: { from: 'flags' } })]],
  'reviews.people': [['denied', (other) => other.reviews.people()]],
  'reviews.next': [['denied', (other) => other.reviews.next({ queueId: randomUUID() })]],
  'reviews.release': [['denied', (other) => other.reviews.release({ taskIds: [randomUUID()] })]],
  'reviews.submit': [
    ['denied', (other) => other.reviews.submit({ ...aPlace(), ...passed, requestId: randomUUID() })],
  ],
  'reviews.skip': [['denied', (other) => other.reviews.skip({ ...aPlace(), reason: 'mine' })]],
  'reviews.undo': [['denied', (other) => other.reviews.undo({ queueId: randomUUID() })]],
  'reviews.saveDraft': [['denied', (other) => other.reviews.saveDraft({ ...aPlace(), ...passed })]],
  'reviews.change': [
    ['denied', (other) => other.reviews.change({ taskId: randomUUID(), ...passed, reason: 'mine' })],
  ],
  'reviews.tasks': [['denied', (other) => other.reviews.tasks({ queueId: randomUUID() })]],
  'reviews.task': [['denied', (other) => other.reviews.task({ taskId: randomUUID() })]],
  'reviews.adjudicate': [
    [
      'denied',
      (other) =>
        other.reviews.adjudicate({ ...aPlace(), ...passed, reason: 'mine', requestId: randomUUID() }),
    ],
  ],
  'reviews.agreement': [['denied', (other) => other.reviews.agreement({ queueId: randomUUID() })]],
  'reviews.ratings': [['denied', (other) => other.reviews.ratings({ queueId: randomUUID() })]],
  'reviews.againstMetric': [['denied', (other) => other.reviews.againstMetric({ queueId: randomUUID() })]],
  'reviews.differences': [['denied', (other) => other.reviews.differences({ queueId: randomUUID() })]],
  'reviews.audit': [['denied', (other) => other.reviews.audit({})]],
  'sharing.state': [['denied', (other, of) => other.sharing.state({ id: of.result })]],
  'sharing.share': [['denied', (other, of) => other.sharing.share({ id: of.result })]],
  'sharing.unshare': [['denied', (other, of) => other.sharing.unshare({ id: of.result })]],
  'sharing.get': [['denied', (other) => other.sharing.get({ token: 'A'.repeat(24) })]],
  'sharing.flag': [
    ['denied', (other, of) => other.sharing.flag({ id: of.result, reason: 'other' })],
    ['denied', (other) => other.sharing.flag({ token: 'A'.repeat(24), reason: 'other' })],
  ],
};

/** Of the team alone: a visitor is refused before anything is looked at. */
const team: typeof entries = {
  'accounts.rename': [['denied', (other) => other.accounts.rename({ name: 'mine' })]],
  'accounts.changePassword': [
    ['denied', (other) => other.accounts.changePassword({ current: 'mine', password: 'something else' })],
  ],
  'accounts.sessions': [['denied', (other) => other.accounts.sessions()]],
  'accounts.endSession': [['denied', (other) => other.accounts.endSession({ id: nobody })]],
  'accounts.endOtherSessions': [['denied', (other) => other.accounts.endOtherSessions()]],
  'accounts.people': [['denied', (other) => other.accounts.people({})]],
  'accounts.setRole': [['denied', (other) => other.accounts.setRole({ id: nobody, role: 'viewer' })]],
  'accounts.setDisabled': [['denied', (other) => other.accounts.setDisabled({ id: nobody, disabled: true })]],
  'accounts.endSessionsOf': [['denied', (other) => other.accounts.endSessionsOf({ id: nobody })]],
  'accounts.makeResetLink': [['denied', (other) => other.accounts.makeResetLink({ id: nobody })]],
  'accounts.invite': [['denied', (other) => other.accounts.invite({ role: 'viewer' })]],
  'accounts.invitations': [['denied', (other) => other.accounts.invitations({})]],
  'accounts.revokeInvitation': [['denied', (other) => other.accounts.revokeInvitation({ id: nobody })]],
  'accounts.audit': [['denied', (other) => other.accounts.audit({})]],
};
Object.assign(entries, team);

const onlyConflict = (error: unknown) => {
  if ((error as { code?: string }).code !== 'CONFLICT') throw error;
  return null;
};

const procedures = Object.keys(appRouter._def.procedures);

test('every procedure is in the table, and nothing else', () => {
  expect(Object.keys(entries).sort()).toEqual([...procedures].sort());
});

test.each(procedures)('%s tells and changes nothing of another visitor', async (name) => {
  const before = await stateOf(owned);
  for (const [expected, call] of entries[name] ?? []) {
    const other = studio.as();
    const answer = await call(other, owned).catch((error: unknown) => error);
    if (expected === 'denied')
      expect(answer).toMatchObject({
        code: expect.stringMatching(/^(NOT_FOUND|BAD_REQUEST|UNAUTHORIZED|FORBIDDEN)$/),
      });
    else if (expected === 'failed') expect(answer).toBeInstanceOf(Error);
    else expect(answer).not.toBeInstanceOf(Error);
    const told = JSON.stringify(answer, (_key, value: unknown) =>
      value instanceof Error ? value.message : value,
    );
    for (const secret of ['private', owned.result, owned.waiting, owned.grid, owned.key])
      expect(told ?? '').not.toContain(secret);
  }
  expect(await stateOf(owned)).toEqual(before);
});

test('every procedure says for whom it is', () => {
  expect(Object.keys(allowed).sort()).toEqual([...procedures].sort());
});

const callers = [null, 'viewer', 'reviewer', 'admin'] as const;
const matrix = procedures.flatMap((name) => callers.map((role) => [name, role] as const));

/** Refused because of who asks, which comes before everything that the input could be refused for. */
const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as Error & { code?: string; cause?: { reason?: string } };
  return (
    (code === 'UNAUTHORIZED' && cause?.reason === 'SIGN_IN') ||
    (code === 'FORBIDDEN' && cause?.reason === 'ROLE_NEEDED')
  );
};

test.each(matrix)('%s by %s', async (name, role) => {
  const needed = allowed[name];
  const me = role && (await studio.user(role));
  const caller = me ? await studio.asUser(me) : studio.as();
  const may = needed === 'public' || (role !== null && needed !== undefined && atLeast(role, needed));
  expect(entries[name]).not.toHaveLength(0);
  for (const [, call] of entries[name] ?? []) {
    const answer = await call(caller, owned).catch((error: unknown) => error);
    expect(isRefusal(answer)).toBe(!may);
  }
});

async function stateOf({ visitor, grid }: Owned) {
  return {
    jobs: (await visitor.demo.list({ limit: 100 })).items,
    grid: await visitor.grids.get({ id: grid }),
    keys: await visitor.keys.list(),
    flags: await studio.services.db.prisma.flag.count(),
    shares: await studio.services.db.prisma.share.count(),
  };
}
