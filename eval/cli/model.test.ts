import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { differences } from '../../models/export/nexus-gen/fidelity';
import { removeUnpacked, unpackTiny } from '../../models/export/testing/expected';
import { main } from '../cli';
import { shippedModel } from './options';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'model-'))));
afterAll(async () => {
  await removeUnpacked();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

/** Exit code, and what was said on both streams. */
async function run(...args: string[]) {
  const said = { out: '', error: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said.error += String(text)), true));
  const code = await main(['model', ...args]);
  return { code, ...said };
}

test('the models that can be added are listed with their licences', async () => {
  const { code, out } = await run('list');
  expect(code).toBe(0);
  expect(out).toContain('nexus-gen-v2');
  expect(out).toContain('Non-Commercial');
});

test('a directory is described and checked', async () => {
  const described = await run('info', shippedModel);
  expect(described.out).toContain('nexus-gen-nano');
  const { out } = await run('check', shippedModel, '--json');
  expect(JSON.parse(out)).toMatchObject({
    dir: shippedModel,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
});

test.each([
  ['a folder without a model', () => ['info', folder], 1, 'No model at'],
  [
    'another model',
    () => ['add', 'other', '--weights', folder, '--out', path.join(folder, 'x')],
    2,
    'Allowed choices',
  ],
  ['no weights', () => ['add', 'nexus-gen-v2', '--out', path.join(folder, 'x')], 2, '--weights'],
  [
    'another precision',
    () => [
      ...['add', 'nexus-gen-v2', '--weights', folder, '--out', path.join(folder, 'x')],
      ...['--precision', 'int3'],
    ],
    2,
    'Allowed choices are as-is, f32, f16, int8, int4',
  ],
  [
    'an empty folder',
    () => ['add', 'nexus-gen-v2', '--weights', folder, '--out', path.join(folder, 'x')],
    2,
    'Is it the right folder',
  ],
])('%s is told in one line', async (_what, args, code, says) => {
  const { code: found, error } = await run(...args());
  expect(found).toBe(code);
  expect(error).toContain(says);
  expect(error.trim().split('\n')).toHaveLength(1);
});

interface MemoryReport {
  memory: {
    precisions: {
      precision: string | null;
      current: boolean;
      total: number;
      largest: { name: string; bytes: number };
    }[];
    devices: {
      device: string;
      room: number | null;
      fits: { everything: boolean | null; requests: unknown }[];
    }[];
  };
  disk: Record<string, number>;
  differs: { what: string }[];
}

test('the weights of a directory are shown, what they would take otherwise, and what fits', async () => {
  const weights = await unpackTiny();
  const reports: MemoryReport[] = [];
  for (const precision of ['as-is', 'int4']) {
    const dir = path.join(folder, precision);
    const { code } = await run(
      ...['add', 'nexus-gen-v2', '--weights', weights, '--out', dir],
      ...['--precision', precision],
    );
    expect(code).toBe(0);
    reports.push(JSON.parse((await run('info', dir, '--json')).out) as MemoryReport);
  }
  const { out } = await run('info', path.join(folder, 'int4'));
  expect(out).toMatch(/generation .* bf16, int4 \([\d.]+ MB in blocks\)/);
  expect(out).toMatch(/vae .* f32\n/);
  expect(out).toMatch(/\nint4 \(this\) .* everything +/);
  expect(out).toContain('Differs from the published scripts\n  image embeddings\n    here: one pass');

  const [asIs, int4] = reports as [MemoryReport, MemoryReport];
  const of = ({ memory }: MemoryReport, precision: string) =>
    memory.precisions.find((one) => one.precision === precision)!;
  for (const [report, current] of [
    [asIs, 'as-is'],
    [int4, 'int4'],
  ] as const) {
    expect(report.memory.precisions.map(({ precision }) => precision)).toEqual([
      ...['as-is', 'f32', 'f16', 'int8', 'int4'],
    ]);
    expect(report.memory.precisions.filter((one) => one.current)).toEqual([of(report, current)]);
    expect(report.disk.constants).toBeGreaterThan(0);
    expect(report.differs).toEqual(differences);
    expect(report.memory.devices.map(({ device }) => device)).toEqual(['cpu', 'cuda', 'webgpu']);
  }
  // What is foretold of a precision is what it takes, but for a few bytes between tensors.
  expect(of(asIs, 'int4').total).toBeLessThanOrEqual(of(int4, 'int4').total);
  expect(of(asIs, 'int4').total).toBeGreaterThan(0.97 * of(int4, 'int4').total);
  expect(of(int4, 'as-is')).toEqual({ ...of(asIs, 'as-is'), current: false });
  expect(of(asIs, 'f32').total).toBeGreaterThan(1.5 * of(asIs, 'f16').total);
  expect(of(asIs, 'int4').total).toBeLessThan(of(asIs, 'int8').total);
}, 60_000);

test('what fits into another device is shown', async () => {
  const { out } = await run('info', shippedModel, '--memory', '12MB', '--json');
  const { memory, differs } = JSON.parse(out) as MemoryReport;
  expect(memory.precisions).toMatchObject([{ precision: null, current: true }]);
  expect(memory.devices).toEqual([
    {
      ...{ device: '12.0 MB', room: 10.2e6 },
      fits: [
        {
          ...{ precision: null, everything: false },
          requests: { understand: 'no', generate: 'no', edit: 'no' },
        },
      ],
    },
  ]);
  expect(differs).toEqual([]);
  expect((await run('info', shippedModel, '--memory', '30MB')).out).toMatch(
    /30\.0 MB: 25\.5 MB\nas it is .* questions at once, images at once, edits reload\n/,
  );
  expect((await run('info', shippedModel, '--memory', 'much')).code).toBe(2);
});

test('a config of something else is told', async () => {
  await writeFile(path.join(folder, 'config.json'), '{"model_type":"llama"}');
  const { code, error } = await run(
    'add',
    'nexus-gen-v2',
    '--weights',
    folder,
    '--out',
    path.join(folder, 'x'),
  );
  expect(code).toBe(2);
  expect(error).toContain('is not one of Nexus-Gen');
});
