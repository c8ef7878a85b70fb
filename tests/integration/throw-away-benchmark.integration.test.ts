import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { registerBenchmarks } from '../../eval/benchmarks';
import { main } from '../../server/cli';
import { exportTable } from '../../server/evaluation/leaderboard/export';
import { wholeView } from '../../server/evaluation/leaderboard/view';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { tinyModel } from '../support/paths';
import { createStudio, type TestStudio } from '../support/studio';
import { evenAnswers } from './throw-away-benchmark/benchmark';

/** A benchmark owns itself: the product knows of this one by its registration alone. */
let unregister: () => void;
let database: TestDatabase;
let studio: TestStudio;
let folder: string;
beforeAll(async () => {
  unregister = registerBenchmarks(evenAnswers);
  folder = await mkdtemp(path.join(tmpdir(), 'studio-benchmark-'));
  database = await createTestDatabase(inject('adminUrl'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('STUDIO_HOME', folder);
  studio = await createStudio(database.url);
});
afterAll(async () => {
  unregister();
  vi.unstubAllEnvs();
  await studio.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function command(...args: string[]): Promise<string> {
  let said = '';
  const quiet = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const code = await main(['eval', ...args]);
  stdout.mockRestore();
  quiet.mockRestore();
  expect([code, said]).toEqual([0, said]);
  return said;
}

const run = async (...more: string[]) =>
  JSON.parse(await command('run', 'even-answers', '--model', tinyModel, '--json', ...more)) as {
    run: string;
    counts: object;
    incomplete: boolean;
    aggregates: { metric: string; group: string; mean: number }[];
  };

let first: Awaited<ReturnType<typeof run>>;
let second: typeof first;

test('is run, listed and compared from the command line', async () => {
  first = await run('--max-new-tokens', '4');
  expect(first).toMatchObject({ incomplete: false, counts: { expected: 6, scored: 6, missing: 0 } });
  expect(first.aggregates.map(({ metric, group }) => [metric, group])).toEqual([
    ...[
      ['characters', ''],
      ['even', ''],
      ['even', 'long'],
      ['even', 'short'],
    ],
  ]);
  second = await run('--max-new-tokens', '3');
  const list = await command('list', '--benchmark', 'even-answers');
  expect(list).toContain(`even ${(second.aggregates[1]!.mean * 100).toFixed(1)} %`);
  expect(list).not.toContain('characters');
  expect(await command('show', first.run)).toMatch(/^Even answers \(synthetic\), /);
  const compared = JSON.parse(await command('compare', first.run, second.run, '--json')) as object;
  expect(compared).toMatchObject({
    ...{ benchmark: 'even-answers', common: 6 },
    metrics: [
      { metric: 'characters', test: 'paired bootstrap' },
      { metric: 'correct', test: 'mcnemar' },
    ],
  });
});

test('is on the pages of runs and samples', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const { items } = await reviewer.runs.list({ benchmark: 'even-answers' });
  expect(items.map(({ id }) => id)).toEqual([second.run, first.run]);
  expect(items[1]).toMatchObject({
    ...{ benchmark: { name: 'even-answers', title: 'Even answers', synthetic: true }, done: 6 },
    headline: { metric: 'even', unit: 'percent', decimals: 1, mean: first.aggregates[1]!.mean },
  });
  const detail = await reviewer.runs.get({ id: first.run });
  expect(detail.metrics.map(({ metric }) => metric)).toEqual(['even', 'characters', 'correct']);
  expect(detail).toMatchObject({ groups: ['short', 'long'], sweep: false });

  const samples = await reviewer.runs.samples({
    runId: first.run,
    filter: { metric: 'characters', order: 'lowest' },
  });
  const characters = samples.items.map(({ text }) => text!.length);
  expect(characters).toHaveLength(6);
  expect(characters).toEqual([...characters].sort((a, b) => a - b));
  for (const { text, correct, reason } of samples.items)
    expect({ correct, reason }).toEqual({
      correct: text!.length % 2 === 0,
      reason: `${text!.length} characters`,
    });
  const right = await reviewer.runs.samples({ runId: first.run, filter: { metric: 'correct', min: 1 } });
  expect(right.total).toBe(characters.filter((n) => n % 2 === 0).length);
  const sample = await reviewer.runs.sample({ id: samples.items[0]!.id });
  expect(sample).toMatchObject({
    expected: { kind: 'answer', answers: ['anything even'] },
    details: { correct: { reason: expect.any(String) } },
    request: { prompt: sample.prompt, pictures: 0, maxNewTokens: 4 },
  });
});

test('can be started from the page, and compared there', async () => {
  const reviewer = await studio.asUser(await studio.user('reviewer'));
  const { benchmarks } = await reviewer.runs.options();
  expect(benchmarks.find(({ name }) => name === 'even-answers')).toMatchObject({
    ...{ items: 6, unavailable: null, settings: ['maxNewTokens'], presets: [] },
    groups: [
      { name: 'short', n: 3 },
      { name: 'long', n: 3 },
    ],
  });
  const found = await reviewer.runs.compare({ first: first.run, second: second.run });
  expect(found).toMatchObject({ common: 6, differences: [{ name: 'settings' }] });
  const { items } = await reviewer.runs.comparedItems({
    ...{ first: first.run, second: second.run, metric: 'characters', which: 'gained' },
  });
  for (const { first: one, second: other } of items)
    expect(other.text!.length).toBeLessThan(one.text!.length);
  const queue = await reviewer.reviews.sourceCount({
    source: { from: 'run', runId: first.run, filter: {}, choice: { take: 'all' } },
  });
  expect(queue.items).toBe(6);
});

test('is on the leaderboard once a run is published', async () => {
  for (const { run: id } of [first, second]) await command('edit', id, '--visibility', 'published');
  const table = await studio.as().leaderboard.table({ benchmark: 'even-answers' });
  expect(table).toMatchObject({ main: 'even', benchmark: { title: 'Even answers' } });
  expect(table.metrics.map(({ metric, group }) => [metric, group])).toEqual([
    ...[
      ['even', ''],
      ['short', 'short'],
      ['long', 'long'],
      ['characters', ''],
    ],
  ]);
  const row = table.rows.find(({ runId }) => runId === first.run)!;
  expect(row.figures.even!.value).toBeCloseTo(first.aggregates[1]!.mean * 100);
  expect(row.rank).toBe(1);
  // What is secondary is left out unless somebody asks.
  const head = exportTable(table, wholeView, 'md')
    .split('\n')
    .find((line) => line.startsWith('| rank'));
  expect(head).toMatch(/even \(%\) \| short \(%\) \| long \(%\) \| n/);
  const overview = await studio.as().leaderboard.overview();
  expect(overview.benchmarks.find(({ name }) => name === 'even-answers')).toMatchObject({ measured: 2 });
  const { text } = await studio.as().leaderboard.citation({ runId: first.run });
  expect(text).toContain('on Even answers: even ');
});

test('is exported, and imported as outputs from elsewhere', async () => {
  const out = path.join(folder, 'out');
  await command('export', first.run, '--out', out);
  const answers = JSON.parse(await readFile(path.join(out, 'answers.json'), 'utf8')) as object;
  expect(Object.keys(answers)).toHaveLength(6);
  const imported = JSON.parse(
    await command('import', 'even-answers', '--outputs', out, '--name', 'elsewhere', '--json'),
  ) as typeof first;
  expect(imported.counts).toMatchObject({ scored: 6, failed: 0 });
  expect(imported.aggregates).toEqual(first.aggregates);
});
