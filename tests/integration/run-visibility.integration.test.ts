import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Visibility } from '../../server/evaluation/labels';
import { appRouter } from '../../server/api/root';
import { serveImage } from '../../server/api/web/images';
import { serveTable } from '../../server/api/web/leaderboard';
import { serveRunExport } from '../../server/api/web/run-export';
import { wholeView } from '../../server/evaluation/leaderboard/view';
import { reasonOf, teamOf, type TestTeam } from '../support/accounts';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { storeColour } from '../support/results';
import { makeRun, verdicts } from '../support/runs';
import { createStudio, type TestStudio } from '../support/studio';
import { createTestBrowser, type TestBrowser } from '../support/test-browser';

/** Every way to read a run or what is of it, by who may read it and who asks. */
let database: TestDatabase;
let studio: TestStudio;
let team: TestTeam;
const readers = ['nobody', 'viewer', 'reviewer', 'owner', 'admin'] as const;
type Name = (typeof readers)[number];
const browsers = {} as Record<Name, TestBrowser>;
interface Made {
  run: string;
  sample: string;
  /** An output of it alone. */
  picture: string;
  model: string;
}
const runs = {} as Record<Visibility, Made>;
/** Published: what the others are compared with. */
let other: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = teamOf(studio);
  browsers.nobody = createTestBrowser(studio.services);
  for (const role of ['viewer', 'reviewer', 'admin'] as const)
    browsers[role] = (await team.joined(role)).browser;
  const owner = await team.joined('reviewer');
  browsers.owner = owner.browser;
  other = await makeRun(database.db, { model: 'other', values: verdicts(4, 2) });
  for (const [i, visibility] of (['private', 'team', 'published'] as const).entries()) {
    const model = `of-${visibility}`;
    const run = await makeRun(database.db, {
      ...{ model, values: verdicts(4, 3), visibility, startedBy: owner.me.id, name: `${visibility} trial` },
    });
    const { hash: picture } = await storeColour(studio.services, `#1020${i}0`, 16);
    const { rows } = await database.db.pool.query<{ id: string }>(
      `UPDATE sample SET picture_hash = $2 WHERE id = (SELECT id FROM sample WHERE run_id = $1 ORDER BY position LIMIT 1)
       RETURNING id`,
      [run, picture],
    );
    runs[visibility] = { run, sample: rows[0]!.id, picture, model };
  }
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const may: Record<Visibility, readonly Name[]> = {
  private: ['owner', 'admin'],
  team: ['viewer', 'reviewer', 'owner', 'admin'],
  published: readers,
};
const gone = ['NO_RUN', 'NO_SAMPLE', 'NOTHING_TO_CITE', 'RUN_UNKNOWN'];

/** Whether a call found the run: it is refused otherwise as if there were none. */
async function found(call: Promise<unknown>): Promise<boolean> {
  const reason = await reasonOf(call);
  return !gone.includes(String(reason));
}

const rubric = { questions: [{ type: 'verdict' as const, question: 'Good?' }] };
const own = (of: Made) => ({ from: 'run' as const, runId: of.run, filter: {} });

type Way = [needed: Name | null, look: (browser: TestBrowser, of: Made) => Promise<boolean>];
const anybody = null;

/** By procedure: who is asked at all, and whether what they asked for was there. */
const ways: Record<string, Way> = {
  'runs.list': [
    anybody,
    async ({ api }, of) => {
      const lists = await Promise.all(
        [{}, { query: of.model }, { query: 'trial' }, { benchmark: 'geneval' }].map((input) =>
          api.runs.list.query(input),
        ),
      );
      const seen = lists.map(({ items }) => items.some(({ id }) => id === of.run));
      expect(new Set(seen).size).toBe(1);
      return seen[0]!;
    },
  ],
  'runs.get': [anybody, ({ api }, of) => found(api.runs.get.query({ id: of.run }))],
  'runs.follow': [
    anybody,
    async (browser, of) => {
      // Streams go by another link; the caller is the same person.
      const me = await browser.api.accounts.me.query();
      const caller = studio.as(randomUUID(), null, me);
      return found(
        (async () => {
          for await (const progress of await caller.runs.follow({ id: of.run })) return progress;
          return null;
        })(),
      );
    },
  ],
  'runs.samples': [anybody, ({ api }, of) => found(api.runs.samples.query({ runId: of.run }))],
  'runs.sample': [anybody, ({ api }, of) => found(api.runs.sample.query({ id: of.sample }))],
  'runs.sweep': [anybody, ({ api }, of) => found(api.runs.sweep.query({ runId: of.run }))],
  'runs.flips': [anybody, ({ api }, of) => found(api.runs.flips.query({ runId: of.run, threshold: 0.5 }))],
  'runs.compare': [
    anybody,
    async ({ api }, of) => {
      const both = await Promise.all([
        found(api.runs.compare.query({ first: of.run, second: other })),
        found(api.runs.compare.query({ first: other, second: of.run })),
      ]);
      expect(new Set(both).size).toBe(1);
      return both[0];
    },
  ],
  'runs.comparedItems': [
    anybody,
    ({ api }, of) =>
      found(api.runs.comparedItems.query({ first: other, second: of.run, metric: 'correct', which: 'both' })),
  ],
  'runs.pause': ['reviewer', ({ api }, of) => found(api.runs.pause.mutate({ id: of.run }))],
  'runs.resume': ['reviewer', ({ api }, of) => found(api.runs.resume.mutate({ id: of.run }))],
  'runs.cancel': ['reviewer', ({ api }, of) => found(api.runs.cancel.mutate({ id: of.run }))],
  'runs.edit': ['reviewer', ({ api }, of) => found(api.runs.edit.mutate({ id: of.run }))],
  'leaderboard.citation': [
    anybody,
    ({ api }, of) => found(api.leaderboard.citation.query({ runId: of.run })),
  ],
  'reviews.sourceCount': [
    'reviewer',
    async ({ api }, of) => {
      const reason = await reasonOf(api.reviews.sourceCount.query({ source: own(of) }));
      // Whoever may read a private run is told why there is no queue of it.
      return reason === null || reason === 'RUN_PRIVATE';
    },
  ],
  'reviews.create': [
    'reviewer',
    async ({ api }, of) => {
      const reason = await reasonOf(
        api.reviews.create.mutate({ name: 'mine', source: own(of), rubric, requestId: randomUUID() }),
      );
      return reason === null || reason === 'RUN_PRIVATE';
    },
  ],
};
/** Of `runs` and `leaderboard`, what reads no run that is named, or only published ones, which are below. */
const others = [
  ...['runs.options', 'runs.start', 'runs.setVisibility', 'runs.remove'],
  ...['leaderboard.overview', 'leaderboard.table', 'leaderboard.history'],
];

test('every procedure of runs and of the leaderboard is here', () => {
  const all = Object.keys(appRouter._def.procedures).filter((name) => /^(runs|leaderboard)\./.test(name));
  const here = [...Object.keys(ways), ...others].filter((name) => !name.startsWith('reviews.'));
  expect(here.sort()).toEqual(all.sort());
});

const visibilities = ['private', 'team', 'published'] as const;
describe.each(visibilities)('a %s run', (visibility) => {
  test.each(readers)('as %s reads it', async (name) => {
    const expected = may[visibility].includes(name);
    const order = { nobody: 0, viewer: 1, reviewer: 2, owner: 2, admin: 3 };
    const seen: Record<string, boolean> = {};
    const wanted: Record<string, boolean> = {};
    for (const [way, [needed, look]] of Object.entries(ways)) {
      if (needed && order[name] < order[needed]) continue;
      seen[way] = await look(browsers[name], runs[visibility]);
      wanted[way] = expected;
    }
    expect(seen).toEqual(wanted);
  });

  test.each(readers)('its pictures and its files as %s gets them', async (name) => {
    const { run, picture } = runs[visibility];
    const expected = may[visibility].includes(name) ? 200 : 404;
    const { request } = browsers[name];
    for (const query of ['', '?size=160', '?plain=1', '?download=x.png']) {
      const answer = await serveImage(request(`/api/images/${picture}${query}`), picture, studio.services);
      // The queues that the test above made hold it too, for the team.
      expect([query, answer.status]).toEqual([query, expected]);
      if (expected === 404) continue;
      expect(answer.headers.get('cache-control')).toBe(
        visibility === 'published' ? 'public, max-age=300' : 'private, max-age=300',
      );
    }
    for (const format of ['jsonl', 'csv', 'json']) {
      const answer = await serveRunExport(
        request(`/api/runs/${run}/export?format=${format}`),
        ...[run, studio.services],
      );
      expect(answer.status).toBe(expected);
    }
  });
});

test.each(readers)('the leaderboard has published runs alone, also for %s', async (name) => {
  const { api } = browsers[name];
  const { rows } = await api.leaderboard.table.query({ benchmark: 'geneval' });
  const models = rows.filter(({ kind }) => kind === 'measured').map(({ model }) => model);
  expect(models.sort()).toEqual(['of-published', 'other']);
  const overview = await api.leaderboard.overview.query();
  expect(overview.benchmarks.find((one) => one.name === 'geneval')).toMatchObject({ measured: 2 });
  expect(overview.rows.map(({ model }) => model)).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/of-(private|team)/)]),
  );
  for (const visibility of visibilities) {
    const history = await api.leaderboard.history.query({
      ...{ benchmark: 'geneval', model: runs[visibility].model },
    });
    expect(history).toHaveLength(visibility === 'published' ? 1 : 0);
  }
  for (const format of ['json', 'csv', 'md', 'tex']) {
    const text = await (await serveTable(studio.services, 'geneval', format, wholeView)).text();
    expect(text).toContain('of-published');
    expect(text).not.toMatch(/of-(private|team)/);
  }
});

test('a run is published by its owner or an admin, on record, and taken back the same way', async () => {
  const run = await makeRun(database.db, {
    ...{ model: 'trial', values: verdicts(4, 4), visibility: 'team' },
    startedBy: (await browsers.owner.api.accounts.me.query())!.id,
  });
  const set = (name: Name, visibility: Visibility) =>
    reasonOf(browsers[name].api.runs.setVisibility.mutate({ id: run, visibility }));
  const { api } = browsers.nobody;
  const onBoard = async () =>
    (await api.leaderboard.table.query({ benchmark: 'geneval' })).rows.some(({ runId }) => runId === run);
  expect(await set('nobody', 'published')).toBe('SIGN_IN');
  expect(await set('viewer', 'published')).toBe('ROLE_NEEDED');
  expect(await set('reviewer', 'published')).toBe('NOT_YOUR_RUN');
  expect(await onBoard()).toBe(false);
  const told = await browsers.reviewer.api.runs.get.query({ id: run });
  expect(told.may).toEqual({ edit: true, setVisibility: false });

  expect(await set('owner', 'published')).toBeNull();
  expect(await onBoard()).toBe(true);
  expect((await api.runs.get.query({ id: run })).may).toEqual({ edit: false, setVisibility: false });
  // What everybody reads, not every reviewer words.
  expect(await reasonOf(browsers.reviewer.api.runs.edit.mutate({ id: run, name: 'mine' }))).toBe(
    'NOT_YOUR_RUN',
  );
  expect(await set('admin', 'team')).toBeNull();
  expect(await onBoard()).toBe(false);
  expect(await reasonOf(api.runs.get.query({ id: run }))).toBe('NO_RUN');
  // Twice is once.
  expect(await set('admin', 'team')).toBeNull();
  const { rows } = await database.db.pool.query<{ what: string; user_id: string; details: object }>(
    `SELECT what, user_id, details FROM audit_event WHERE details ->> 'run' = $1 ORDER BY id`,
    [run],
  );
  expect(rows.map(({ what }) => what)).toEqual(['run.published', 'run.unpublished']);
  expect(rows[0]!.details).toMatchObject({ from: 'team', to: 'published', title: 'trial 1.0 · geneval' });
  expect(new Set(rows.map(({ user_id: id }) => id)).size).toBe(2);
});

test('only what is done is published; what is incomplete is shown, marked, and never ranked', async () => {
  const { api } = browsers.admin;
  const run = await makeRun(database.db, {
    ...{ model: 'half', values: verdicts(4, 4), visibility: 'team', incomplete: true },
  });
  await database.db.pool.query(
    `UPDATE evaluation_run SET state = 'running', finished_at = NULL WHERE id = $1`,
    [run],
  );
  const publish = () => reasonOf(api.runs.setVisibility.mutate({ id: run, visibility: 'published' }));
  expect(await publish()).toBe('RUN_NOT_DONE');
  await database.db.pool.query(
    `UPDATE evaluation_run SET state = 'done', finished_at = now() WHERE id = $1`,
    [run],
  );
  expect(await publish()).toBeNull();
  const { rows } = await browsers.nobody.api.leaderboard.table.query({ benchmark: 'geneval' });
  expect(rows.find(({ runId }) => runId === run)).toMatchObject({ incomplete: true, rank: null, groups: '' });
  const overview = await browsers.nobody.api.leaderboard.overview.query();
  expect(overview.rows.some(({ model }) => model === 'half')).toBe(false);
});

test('whoever follows a run that is taken from them is told that it is gone', async () => {
  const run = await makeRun(database.db, { model: 'going', values: verdicts(2, 1), visibility: 'team' });
  await database.db.pool.query(
    `UPDATE evaluation_run SET state = 'running', finished_at = NULL WHERE id = $1`,
    [run],
  );
  const viewer = studio.as(randomUUID(), null, await browsers.viewer.api.accounts.me.query());
  const stream = (async () => {
    for await (const { state } of await viewer.runs.follow({ id: run })) {
      expect(state).toBe('running');
      await browsers.admin.api.runs.setVisibility.mutate({ id: run, visibility: 'private' });
    }
  })();
  expect(await reasonOf(stream)).toBe('NO_RUN');
});

test('a run whose outputs the team judges does not become private', async () => {
  const { api } = browsers.admin;
  const run = await makeRun(database.db, { model: 'judged', values: verdicts(2, 1), visibility: 'team' });
  const source = { from: 'run' as const, runId: run, filter: {} };
  await api.reviews.create.mutate({ name: 'judged', source, rubric, requestId: randomUUID() });
  expect(await reasonOf(api.runs.setVisibility.mutate({ id: run, visibility: 'private' }))).toBe(
    'RUN_IN_REVIEW',
  );
});
