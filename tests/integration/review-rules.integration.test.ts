import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { sweepPictures } from '../../server/platform/blobs/pictures';
import { choiceIn } from '../../server/reviews/questions/choice';
import { recordReviewUpload } from '../../server/reviews/pictures';
import { exportQueue } from '../../server/reviews/export';
import { storeSent } from '../../server/api/web/uploads';
import { serveImage } from '../../server/api/web/images';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { insertResult, storeColour } from '../support/results';
import { answers, fail, pass, reviewsOf, verdictRubric, type Member } from '../support/reviews';
import { createStudio, type TestStudio } from '../support/studio';

/** What may go wrong around a queue: bad input, people and runs that go, two at once, pictures of the team. */
let database: TestDatabase;
let studio: TestStudio;
let team: ReturnType<typeof reviewsOf>;
let ann: Member, ben: Member, cleo: Member, viewer: Member, admin: Member;
let version: string, run: string;
beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  team = reviewsOf(studio);
  ann = await team.member('reviewer', 'Ann');
  ben = await team.member('reviewer', 'Ben');
  cleo = await team.member('reviewer', 'Cleo');
  viewer = await team.member('viewer', 'Vi');
  admin = await team.member('admin', 'Ada');
  version = await team.benchmark(12);
  run = await team.run(version);
});
afterAll(async () => {
  await studio.close();
  await database.drop();
});

const next = async ({ api }: Member, queueId: string, count = 1) =>
  (await api.reviews.next({ queueId, count })).leases;
const refusal = (reason: string) => ({ cause: { reason } });
const sql = (text: string, values: unknown[] = []) => database.db.pool.query(text, values);

test('a rubric without questions, or none, or one of a pair, is refused', async () => {
  const create = (rubric: unknown, source: unknown = { from: 'run', runId: run }) =>
    ann.api.reviews.create({ name: 'Q', rubric, source, requestId: randomUUID() } as never);
  await expect(create({ questions: [{ type: 'comment', need: 'required' }] })).rejects.toThrow(
    /A rubric needs a question/,
  );
  await expect(create(null)).rejects.toMatchObject(refusal('RUBRIC_NEEDED'));
  const other = await team.run(version);
  const pair = { from: 'pair', firstRunId: run, secondRunId: other };
  await expect(create(verdictRubric, pair)).rejects.toMatchObject(refusal('PAIR_WITHOUT_RUBRIC'));
  await expect(create(null, { ...pair, secondRunId: run })).rejects.toMatchObject(refusal('SAME_RUN_TWICE'));
  const elsewhere = await team.run(await team.benchmark(3));
  await expect(create(null, { ...pair, secondRunId: elsewhere })).rejects.toMatchObject(
    refusal('DIFFERENT_ITEMS'),
  );
  await expect(create(verdictRubric, { from: 'run', runId: randomUUID() })).rejects.toMatchObject(
    refusal('RUN_UNKNOWN'),
  );
  await expect(
    create(verdictRubric, { from: 'run', runId: run, filter: { groups: ['nothing'] } }),
  ).rejects.toMatchObject(refusal('NO_ITEMS'));
  await expect(team.queue(ann, run, { assignees: [viewer.me.id] })).rejects.toMatchObject(
    refusal('NOT_A_REVIEWER'),
  );
});

test('what is drawn depends on the seed alone; a filter takes failures; the form counts the same', async () => {
  const keys = async (source: object) => {
    const id = await team.queue(ann, run, { source: { from: 'run', runId: run, ...source } });
    const { items, total } = await ann.api.reviews.tasks({ queueId: id });
    expect(total).toBe(items.length);
    const counted = await ann.api.reviews.sourceCount({
      source: { from: 'run', runId: run, ...source },
    });
    expect(counted.items).toBe(items.length);
    return items.map(({ item }) => item.prompt);
  };
  const random = { choice: { take: 'random' as const, n: 5, seed: 7 } };
  const drawn = await keys(random);
  expect(drawn).toHaveLength(5);
  expect(await keys(random)).toEqual(drawn);
  expect(await keys({ choice: { ...random.choice, seed: 8 } })).not.toEqual(drawn);
  expect(await keys({ filter: { verdict: 'wrong' } })).toEqual(
    [0, 3, 6, 9].map((n) => `a photo of ${n} apples`),
  );
  const stratified = await ann.api.reviews.sourceCount({
    source: { from: 'run', runId: run, choice: { take: 'stratified', perGroup: 2 } },
  });
  expect(stratified.groups).toEqual([
    { name: 'colors', n: 2 },
    { name: 'counting', n: 2 },
  ]);
});

test('sent twice it is one review, by one request and by a double click; another answer is refused', async () => {
  const queueId = await team.queue(ann, run);
  const [lease] = await next(ben, queueId);
  const id = randomUUID();
  const [first, second] = await Promise.all([
    team.submit(ben, lease!, pass, id),
    team.submit(ben, lease!, pass, id),
  ]);
  expect(second).toEqual(first);
  expect(await team.submit(ben, lease!, pass)).toEqual(first);
  await expect(team.submit(ben, lease!, fail)).rejects.toMatchObject(refusal('ALREADY_REVIEWED'));
  await ben.api.reviews.change({ taskId: lease!.item.taskId, answers: fail, reason: 'Looked again.' });
  const { reviews } = await ben.api.reviews.task({ taskId: lease!.item.taskId });
  expect(reviews).toMatchObject([{ answers: pass }, { answers: fail, reason: 'Looked again.' }]);
  await expect(sql('UPDATE review SET reason = $1', ['x'])).rejects.toThrow(/append-only/);
  await expect(sql('DELETE FROM review')).rejects.toThrow(/append-only/);
});

test('answers that do not fit the rubric are refused, and nothing is taken in', async () => {
  const queueId = await team.queue(ann, run, {
    rubric: {
      questions: [
        {
          ...{ type: 'scale', key: 'faithful', name: 'Faithful' },
          anchors: ['no', 'little', 'half', 'mostly', 'yes'],
        },
        { type: 'tags', tags: [{ key: 'blurry', label: 'Blurry' }] },
        { type: 'comment', need: 'required' },
      ],
    },
  });
  const [lease] = await next(ben, queueId);
  const good = { scales: { faithful: 4 }, tags: ['blurry'], comment: 'ok' };
  for (const [bad, reason] of [
    [{ ...good, scales: {} }, 'ANSWERS_INCOMPLETE'],
    [{ ...good, comment: ' ' }, 'ANSWERS_INCOMPLETE'],
    [{ ...good, verdict: 'pass' }, 'ANSWERS_UNKNOWN'],
    [{ ...good, tags: ['other'] }, 'ANSWERS_UNKNOWN'],
    [{ ...good, scales: { faithful: 4, other: 1 } }, 'ANSWERS_UNKNOWN'],
    [{ ...good, choice: 'tie' }, 'ANSWERS_UNKNOWN'],
  ] as const)
    await expect(team.submit(ben, lease!, answers(bad as never))).rejects.toMatchObject(refusal(reason));
  await team.submit(ben, lease!, answers(good));
});

test('a lease that ran out during typing counts where nobody took the item, else the text is kept', async () => {
  const queueId = await team.queue(ann, run);
  const [kept, taken] = await next(ben, queueId, 2);
  await team.vanish(ben);
  await team.submit(ben, kept!, pass);
  // Cleo finds no other: all the rest is hers already.
  await next(cleo, queueId, 5);
  const cleos = await next(cleo, queueId, 5);
  for (const lease of cleos) await team.submit(cleo, lease, pass);
  for (const lease of await next(cleo, queueId, 5)) await team.submit(cleo, lease, pass);
  for (const lease of await next(cleo, queueId, 5)) await team.submit(cleo, lease, pass);
  const typed = answers({ verdict: 'fail', comment: 'A long thought.' });
  await expect(team.submit(ben, taken!, typed)).rejects.toMatchObject(refusal('LEASE_LOST'));
  const { rows } = await sql('SELECT answers FROM review_draft WHERE user_id = $1', [ben.me.id]);
  expect(rows).toMatchObject([{ answers: { comment: 'A long thought.' } }]);
  expect((await ben.api.reviews.next({ queueId })).nothing).toBe('done');
});

test('two who ask at once never get one place; one who asks twice at once has each item once', async () => {
  const queueId = await team.queue(ann, run);
  const all = await Promise.all([next(ben, queueId, 4), next(cleo, queueId, 4), next(ben, queueId, 4)]);
  const [bens, cleos, again] = all.map((leases) => leases.map(({ item }) => item.taskId));
  expect(bens).toHaveLength(4);
  expect(cleos).toHaveLength(4);
  expect([...again!].sort()).toEqual([...bens!].sort());
  expect(bens!.filter((id) => cleos!.includes(id))).toEqual([]);
});

test('drafts come back after a reload, in a closed queue what is sent is kept as one', async () => {
  const queueId = await team.queue(ann, run);
  const [lease] = await next(ben, queueId);
  const typed = answers({ comment: 'half a' });
  const saved = await ben.api.reviews.saveDraft({
    taskId: lease!.item.taskId,
    lease: lease!.lease,
    answers: typed,
  });
  expect(saved.expiresAt).toBeInstanceOf(Date);
  expect((await next(ben, queueId))[0]).toMatchObject({ lease: lease!.lease, draft: typed });

  await expect(cleo.api.reviews.update({ id: queueId, state: 'closed' })).rejects.toMatchObject(
    refusal('NOT_YOUR_QUEUE'),
  );
  await ann.api.reviews.update({ id: queueId, state: 'closed' });
  const whole = answers({ verdict: 'pass', comment: 'a whole thought' });
  await expect(team.submit(ben, lease!, whole)).rejects.toMatchObject(refusal('QUEUE_CLOSED'));
  expect(await ben.api.reviews.next({ queueId })).toMatchObject({ leases: [], nothing: 'closed' });
  await admin.api.reviews.update({ id: queueId, state: 'open' });
  expect((await next(ben, queueId))[0]).toMatchObject({ draft: whole });
  const what = (await viewer.api.reviews.audit({ queueId })).items.map((event) => event.what);
  expect(what).toEqual(['review.reopened', 'review.closed', 'review.created']);
});

test('whose role was taken away, or who is not assigned any more, holds nothing back; their reviews stay', async () => {
  const gone = await team.member('reviewer', 'Gone');
  const queueId = await team.queue(ann, run, { assignees: [gone.me.id, ben.me.id] });
  const [done, held] = await next(gone, queueId, 2);
  await team.submit(gone, done!, pass);
  await expect(next(cleo, queueId)).rejects.toMatchObject(refusal('NOT_ASSIGNED'));
  await sql(`UPDATE account_user SET role = 'viewer' WHERE id = $1`, [gone.me.id]);
  const demoted = await studio.asUser({ ...gone.me, role: 'viewer' });
  await expect(
    demoted.reviews.submit({
      taskId: held!.item.taskId,
      lease: held!.lease,
      answers: pass,
      requestId: randomUUID(),
    }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const bens = await next(ben, queueId, 5);
  expect(bens.map(({ item }) => item.taskId)).toContain(held!.item.taskId);
  expect((await ann.api.reviews.queue({ id: queueId })).reviews).toBe(1);
  await ann.api.reviews.update({ id: queueId, assignees: [cleo.me.id] });
  await expect(team.submit(ben, bens[0]!)).rejects.toMatchObject(refusal('NOT_ASSIGNED'));
  expect((await next(cleo, queueId, 5)).map(({ item }) => item.taskId)).toContain(bens[0]!.item.taskId);
});

test('a queue outlives its run and its model’s name', async () => {
  const own = await team.run(version, 'model-to-rename');
  const queueId = await team.queue(ann, own);
  await sql(`UPDATE model SET name = 'renamed' WHERE name = 'model-to-rename'`);
  await sql('DELETE FROM evaluation_run WHERE id = $1', [own]);
  const [lease] = await next(ben, queueId);
  expect(lease!.item.outputs[0]).toMatchObject({ model: 'model-to-rename', picture: { width: 8 } });
  await team.submit(ben, lease!, pass);
  const row = await viewer.api.reviews.task({ taskId: lease!.item.taskId });
  expect(row).toMatchObject({ state: 'done', runId: null, sampleId: null, metric: { name: 'correct' } });
  expect((await ann.api.reviews.queue({ id: queueId })).source.runs).toMatchObject([{ removed: true }]);
});

test('pairs: sides are drawn and kept, names hidden until the item is done, one vote each', async () => {
  const other = await team.run(version, 'another-model');
  const queueId = await team.queue(ann, run, {
    rubric: null,
    source: { from: 'pair', firstRunId: run, secondRunId: other },
  });
  const leases = await next(ben, queueId, 5);
  for (const { item } of leases) expect(item.outputs.map(({ model }) => model)).toEqual([null, null]);
  expect((await cleo.api.reviews.queue({ id: queueId })).source.runs).toEqual([]);
  for (const lease of leases) await team.submit(ben, lease, answers({ choice: 'first' }));
  const { rows } = await sql('SELECT flipped, choice FROM review WHERE queue_id = $1', [queueId]);
  for (const { flipped, choice } of rows) expect(choice).toBe(flipped ? 'second' : 'first');
  const row = await viewer.api.reviews.task({ taskId: leases[0]!.item.taskId });
  expect(row.item.outputs.map(({ model }) => model)).toEqual(['nexus-gen-nano', 'another-model']);
  expect(row.reviews[0]!.answers!.choice).toBe(rows[0].choice);
});

test('blind pairs: a dispute is decided without the names, and who may still judge learns none of them', async () => {
  const own = await team.benchmark(2);
  const names = ['hidden-one', 'hidden-two'];
  const [firstRunId, secondRunId] = [await team.run(own, names[0]), await team.run(own, names[1])];
  const queueId = await team.queue(ann, run, {
    ...{ rubric: null, reviewsPerItem: 2, source: { from: 'pair', firstRunId, secondRunId } },
  });
  const everyone = [ann, ben, cleo, admin, viewer];
  const tasks: string[] = [];
  for (const [member, choice] of [
    [ben, 'first'],
    [cleo, 'second'],
  ] as const)
    for (const lease of await next(member, queueId, 2)) {
      const { rows } = await sql(
        'SELECT flipped FROM review_assignment WHERE task_id = $1 AND user_id = $2',
        [...[lease.item.taskId, member.me.id]],
      );
      await team.submit(member, lease, answers({ choice: choiceIn(choice, rows[0].flipped) }));
      tasks[lease.item.position] = lease.item.taskId;
    }
  const secrets = [...names, firstRunId, secondRunId];
  /** Everything that a person gets of the queue, as text. */
  const seen = async (member: Member) => {
    const { api, me } = member;
    let text = JSON.stringify([
      await Promise.all(tasks.map((taskId) => api.reviews.task({ taskId }))),
      await api.reviews.tasks({ queueId }),
      await api.reviews.agreement({ queueId }),
      await api.reviews.audit({ queueId }),
      await api.reviews.queues(),
    ]);
    for (const format of ['jsonl', 'csv'] as const)
      for await (const chunk of (await exportQueue(studio.services, me, queueId, format)).chunks)
        text += chunk;
    return secrets.filter((secret) => text.includes(secret));
  };
  for (const member of everyone) expect([member.me.name, await seen(member)]).toEqual([member.me.name, []]);
  // Whoever neither made the queue nor leads the team is not told the runs either.
  for (const member of [ben, cleo, viewer])
    expect((await member.api.reviews.queue({ id: queueId })).source.runs).toEqual([]);
  const rated = (member: Member) => member.api.reviews.ratings({ queueId });
  for (const member of [ann, ben, cleo, admin])
    expect(await rated(member)).toMatchObject({ hidden: true, models: [{ model: 'A' }, { model: 'B' }] });

  const decide = (taskId: string) =>
    admin.api.reviews.adjudicate({
      ...{ taskId, answers: answers({ choice: 'first' }), reason: 'Rounder', requestId: randomUUID() },
    });
  const models = async (member: Member, taskId: string) =>
    (await member.api.reviews.task({ taskId })).item.outputs.map(({ model }) => model);
  await decide(tasks[0]!);
  // Of what is decided those who judge nothing may know; the others not before all is.
  expect(await models(viewer, tasks[0]!)).toEqual(names);
  expect(await models(viewer, tasks[1]!)).toEqual([null, null]);
  for (const member of [ann, ben, cleo, admin])
    expect([member.me.name, await seen(member)]).toEqual([member.me.name, []]);
  await decide(tasks[1]!);
  for (const member of everyone) {
    expect(await models(member, tasks[1]!)).toEqual(names);
    expect((await rated(member))!.models.map(({ model }) => model).sort()).toEqual(names);
    expect(await seen(member)).toEqual(secrets);
  }
});

test('a report is queued once while it is in an open queue', async () => {
  const visitorId = randomUUID();
  const picture = await storeColour(studio.services, '#00ff00');
  const id = await insertResult(studio.services, visitorId, { picture, prompt: 'a green field' });
  await studio.as(visitorId).sharing.flag({ id, reason: 'wrong', comment: 'It is blue.' });
  const source = { from: 'flags' as const };
  const queueId = await team.queue(ann, run, { source });
  const [lease] = await next(ben, queueId);
  expect(lease!.item).toMatchObject({
    ...{ prompt: 'a green field', group: 'wrong', flag: { reason: 'wrong', comment: 'It is blue.' } },
  });
  await expect(team.queue(ann, run, { source })).rejects.toMatchObject(refusal('NO_ITEMS'));
  await ann.api.reviews.update({ id: queueId, state: 'closed' });
  await team.queue(ann, run, { source });
});

test('an export: nothing hidden in it, cells that are no formulas, times in UTC', async () => {
  const queueId = await team.queue(ann, run, { name: '=cmd()', reviewsPerItem: 2 });
  const [lease] = await next(ben, queueId);
  await team.submit(ben, lease!, answers({ verdict: 'pass', comment: '=HYPERLINK("http://evil")' }));
  const read = async (member: Member, format: 'csv' | 'jsonl') => {
    let text = '';
    const { chunks } = await exportQueue(studio.services, member.me, queueId, format);
    for await (const chunk of chunks) text += chunk;
    return text;
  };
  expect(await read(cleo, 'jsonl')).not.toContain('HYPERLINK');
  const mine = await read(ben, 'csv');
  expect(mine).toContain(`"'=HYPERLINK(""http://evil"")"`);
  expect(mine).toContain("'=cmd()");
  expect(mine).toMatch(/,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z,/);
  const lines = (await read(ben, 'jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(12);
  expect(lines[0]).toMatchObject({ state: 'open', given: 1, reviews: [{ kind: 'review', current: true }] });
});

test('a picture sent for reviews is the team’s alone, and whoever’s else who has the same bytes; the sweep keeps it', async () => {
  const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123456' } })
    .png()
    .toBuffer();
  const { hash } = await storeSent(studio.services, { visitorId: randomUUID() }, bytes);
  await recordReviewUpload(database.db, ann.me.id, hash);
  const statuses = (cookie = '') =>
    Promise.all(
      ['', '?size=160'].map(async (query) => {
        const request = new Request(`http://localhost/api/images/${hash}${query}`, {
          headers: { 'if-none-match': `"${hash}", "${hash}-160"`, cookie },
        });
        return (await serveImage(request, hash, studio.services)).status;
      }),
    );
  expect(await statuses()).toEqual([404, 404]);
  const items = [{ hash, prompt: 'what is this' }];
  const queueId = await team.queue(ann, run, { source: { from: 'upload', items } });
  expect((await next(ben, queueId))[0]!.item).toMatchObject({ prompt: 'what is this' });
  await expect(
    team.queue(ann, run, { source: { from: 'upload', items: [{ hash: 'f'.repeat(64) }] } }),
  ).rejects.toMatchObject(refusal('UPLOAD_UNKNOWN'));

  await sql(`UPDATE blob SET touched_at = now() - interval '3 days'`);
  await sweepPictures(studio.services, 60);
  expect((await sql('SELECT 1 FROM blob WHERE hash = $1', [hash])).rowCount).toBe(1);
  const visitorId = randomUUID();
  await sql('INSERT INTO visitor (id) VALUES ($1)', [visitorId]);
  await sql('INSERT INTO upload (visitor_id, hash) VALUES ($1, $2)', [visitorId, hash]);
  expect(await statuses()).toEqual([404, 404]);
  expect(await statuses(`studio_visitor=${visitorId}`)).toEqual([304, 304]);
});
