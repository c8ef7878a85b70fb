import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../server/start/postgres';
import { migrate } from '../../server/platform/db/migrate';
import { migrationsFolder } from '../support/database';
import { createStudio, type TestStudio } from '../support/studio';

/** A server of its own, to be stopped under a running job. */
let home: string;
let postgres: RunningPostgres;
let studio: TestStudio;
const start = () =>
  startPostgres({ home, database: 'restart_test', logFile: path.join(home, 'database.log') });
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'studio-restart-'));
  postgres = await start();
  await migrate(postgres.url, migrationsFolder);
  studio = await createStudio(postgres.url);
});
afterAll(async () => {
  await studio.close();
  await postgres.stop();
  await rm(home, { recursive: true, force: true });
});

test('the password file is readable by its owner only', async () => {
  expect((await stat(path.join(home, 'database.json'))).mode & 0o777).toBe(0o600);
});

test.each(['during a job', 'while idle'])(
  'the database is stopped %s and started again: nothing is lost',
  async (when) => {
    const worker = await studio.worker();
    await worker.modelSettled;
    const me = studio.as();
    const submit = () =>
      me.demo.submit({ task: 'generate', prompt: 'steps=60 delay=20', width: 32, height: 32 });
    let id = when === 'during a job' ? (await submit()).id : '';
    const events: { seq: string; type: string }[] = [];
    const follow = async () => {
      const stream = (await me.demo.events({ id })) as AsyncIterable<[string, { type: string }, symbol]>;
      for await (const [seq, event] of stream) events.push({ seq, type: event.type });
    };
    let following = id ? follow() : undefined;
    if (id) await studio.reaches(id, 'running');

    await postgres.stop();
    const away = await me.demo.list({}).catch((e: unknown) => e);
    expect(away).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(/database is temporarily unavailable/),
    });
    const before = postgres.url;
    postgres = await start();
    expect(postgres.url).toBe(before);

    if (!id) {
      id = (await submit()).id;
      following = follow();
    }
    await following;
    expect((await me.demo.get({ id })).state).toBe('done');
    expect(events.at(-1)?.type).toBe('end');
    expect(events.filter((e) => e.type === 'step')).toHaveLength(60);
    expect(events.map((e) => Number(e.seq))).toEqual(events.map((_, i) => i + 1));
    // The engine let go of the job as well.
    const next = await submit();
    await studio.reaches(next.id, 'done');
    await worker.stop();
  },
);
