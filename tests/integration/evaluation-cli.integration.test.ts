import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { main } from '../../server/cli';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { tinyEvaluators } from '../support/evaluation';
import { tinyModel } from '../support/paths';

/** `studio eval …` on a real database, with the tiny model in a worker of its own. */
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-cli-'));
  database = await createTestDatabase(inject('adminUrl'));
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('STUDIO_HOME', folder);
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function studio(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  const code = await main(args);
  vi.restoreAllMocks();
  return { code, ...said };
}

const tiny = ['--detector', tinyEvaluators.detector, '--clip', tinyEvaluators.clip];
const few = [
  '--groups',
  'single_object',
  '--repeats',
  '1',
  '--steps',
  '1',
  '--width',
  '32',
  '--height',
  '32',
];
const run = (...more: string[]) =>
  studio('eval', 'run', 'geneval', '--model', tinyModel, ...tiny, ...few, '--json', ...more);

test('a run from the command line, its list, its comparison, its export', async () => {
  const first = await run(
    '--name',
    ' first  trial ',
    '--tag',
    'smoke',
    '--tag',
    'Smoke, 试',
    '--note',
    '=1+1',
  );
  const report = JSON.parse(first.stdout) as { run: string; counts: Record<string, number> };
  // The tiny detector knows five classes: the rest could not be measured, and the exit code says so.
  expect(first.code).toBe(3);
  expect(report).toMatchObject({
    state: 'done',
    incomplete: true,
    ...{ name: 'first trial', tags: ['smoke', '试'], note: '=1+1', visibility: 'team' },
    benchmark: { name: 'geneval', synthetic: false },
    settings: { seed: 42, steps: 1, width: 32, height: 32 },
    counts: { expected: 80, scored: 5, unscored: 75, failed: 0, missing: 0 },
  });

  const second = JSON.parse((await run('--seed', '7')).stdout) as { run: string };
  const list = await studio('eval', 'list', '--json');
  expect(list.code).toBe(0);
  const { runs } = JSON.parse(list.stdout) as { runs: { run: string }[] };
  expect(runs.map((one) => one.run)).toEqual([second.run, report.run]);
  const shown = await studio('eval', 'list');
  expect(shown.stdout).toMatch(
    new RegExp(`^run .*overall +started\n${second.run.slice(0, 8)} +done +geneval`),
  );

  const edited = await studio(
    ...['eval', 'edit', report.run, '--name', '第一次', '--no-tags', '--visibility', 'published', '--json'],
  );
  expect(JSON.parse(edited.stdout)).toMatchObject({
    ...{ run: report.run, name: '第一次', note: '=1+1', tags: [], visibility: 'published' },
  });
  const table = await studio('eval', 'show', report.run.slice(0, 8));
  expect(table.stdout).toMatch(/^第一次\n/);
  expect(table.stdout).toContain('Incomplete, so not comparable with other results.');

  const out = path.join(folder, 'out');
  const exported = await studio('eval', 'export', report.run, '--out', out, '--json');
  expect(exported.code).toBe(0);
  expect(JSON.parse(exported.stdout)).toMatchObject({ run: report.run, withoutOutput: 0 });
  for (const name of ['run.json', 'samples.jsonl', 'results.jsonl', '00000/samples/0000.png'])
    expect(existsSync(path.join(out, name))).toBe(true);
  const lines = (await readFile(path.join(out, 'samples.jsonl'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(80);

  // What is exported can be scored without a database, and imported as another run's outputs.
  const again = await studio('eval', 'score', 'geneval', '--images', out, ...tiny, '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ images: { n: 80 }, incomplete: true });
  const rescored = await studio('eval', 'rescore', report.run, ...tiny, '--json');
  expect(JSON.parse(rescored.stdout)).toMatchObject({
    counts: { scored: 5, cached: 80 },
    fingerprint: { id: (JSON.parse(first.stdout) as { fingerprint: { id: string } }).fingerprint.id },
  });
});

test('what is wrong with the call or the state of a run is one line and an exit code', async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr, stdout } = await studio(...args);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    return [code, stderr] as const;
  };
  expect(await refused('eval', 'run', 'imagenet')).toEqual([
    2,
    expect.stringMatching(/Unknown benchmark imagenet/),
  ]);
  expect(await refused('eval', 'show', 'ffffffff')).toEqual([
    2,
    expect.stringMatching(/run ffffffff doesn’t exist/),
  ]);
  expect(await refused('eval', 'show', '%')).toEqual([2, expect.stringMatching(/is not a run ID/)]);
  expect(await refused('eval', 'run', 'mmmu')).toEqual([2, expect.stringMatching(/studio data pull mmmu/)]);
  expect(await refused('eval', 'run', 'geneval', '--model', '/nowhere')).toEqual([2, expect.any(String)]);
  expect(await refused('eval', 'run', 'geneval', '--endpoint', 'ftp://x', '--endpoint-model', 'm')).toEqual([
    2,
    expect.stringMatching(/baseUrl/),
  ]);
  expect(await refused('eval', 'import', 'geneval', '--images', '/nowhere', '--name', 'x')).toEqual([
    2,
    expect.stringMatching(/file or folder not found/),
  ]);
  const { runs } = JSON.parse((await studio('eval', 'list', '--json')).stdout) as { runs: { run: string }[] };
  expect(await refused('eval', 'pause', runs[0]!.run)).toEqual([
    2,
    expect.stringMatching(/is done and cannot/),
  ]);
});

test('a wrong call is JSON as well, where JSON was asked for', async () => {
  for (const args of [['run'], ['run', 'geneval', '--limit', 'x'], ['list', '--bogus']]) {
    const { code, stdout } = await studio('eval', ...args, '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', message: expect.any(String) } });
  }
});

test('runs are compared: what differs in how they were measured, and that it is a tie', async () => {
  const { runs } = JSON.parse((await studio('eval', 'list', '--json')).stdout) as { runs: { run: string }[] };
  const [rescored, second, first] = runs.map((one) => one.run);
  const same = await studio('eval', 'compare', first!, rescored!, '--json');
  expect(JSON.parse(same.stdout)).toMatchObject({ differences: [], common: 5 });
  expect((await studio('eval', 'compare', first!, rescored!, '--fail-if-worse')).code).toBe(0);
  const compared = await studio('eval', 'compare', first!, second!, '--json', '--fail-if-worse');
  const found = JSON.parse(compared.stdout) as { differences: string[]; metrics: { verdict: string }[] };
  expect(found.differences).toEqual(['settings']);
  expect(found.metrics.every(({ verdict }) => verdict === 'tie')).toBe(true);
  // Not worse, but not the same measurement either.
  expect(compared.code).toBe(3);
});
