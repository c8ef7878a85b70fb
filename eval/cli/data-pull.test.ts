import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SUBJECTS } from '../benchmarks/mmmu/subjects';
import { startHub, type TestHub } from '../download/testing/hub';
import { studio } from '../testing/studio';

const file = (subject: string) => `${subject}/validation-00000-of-00001.parquet`;

let hub: TestHub;
let folder: string;
beforeEach(async () => {
  hub = await startHub(
    Object.fromEntries(
      SUBJECTS.map((subject) => [`MMMU/MMMU/${file(subject)}`, Buffer.alloc(1000, subject)]),
    ),
  );
  folder = await mkdtemp(join(tmpdir(), 'data-'));
  vi.stubEnv('STUDIO_DATA_MIRROR', hub.address);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]) => studio('data', 'pull', ...args);
const lines = (text: string) => text.trim().split('\n');

describe('studio data pull', () => {
  it('fetches from the mirror of the environment, and prints one JSON object', async () => {
    const { code, stdout, stderr } = await run('mmmu', '--out', folder, '--only', 'Art, Music', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      dataset: 'mmmu',
      folder,
      sources: [{ repo: 'MMMU/MMMU', commit: expect.stringMatching(/^[0-9a-f]{40}$/), files: 2 }],
      fetched: { files: 2, bytes: 2000 },
      kept: { files: 0, bytes: 0 },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('prefers the mirror of the call, and says what it did', async () => {
    vi.stubEnv('STUDIO_DATA_MIRROR', 'http://127.0.0.1:1');
    const { code, stdout } = await run('mmmu', '--out', folder, '--mirror', `${hub.address}/`);
    expect(code).toBe(0);
    expect(stdout).toContain('30 files downloaded');
    expect(await readdir(folder)).toHaveLength(31);
  });

  it('stops at Ctrl-C and can be resumed', async () => {
    hub.faults = [null, { stall: 500 }];
    const stopped = run('mmmu', '--out', folder, '--only', 'Art,Music');
    await vi.waitFor(() => expect(hub.stalled).toHaveLength(1));
    process.emit('SIGINT');
    expect((await stopped).code).toBe(130);
    const { stdout } = await run('mmmu', '--out', folder, '--only', 'Art,Music');
    expect(stdout).toContain('1 files downloaded');
    expect(stdout).toContain('1 already present');
  });

  it('says in one line that nobody is there', async () => {
    await hub.close();
    const { code, stderr } = await run('mmmu', '--out', folder);
    expect(code).toBe(1);
    expect(lines(stderr)).toEqual([
      `studio: Cannot reach ${hub.address} (ECONNREFUSED). Check the network, or set a mirror with --mirror or STUDIO_DATA_MIRROR.`,
    ]);
  });

  it.each([
    [1, 'Cannot reach http://127.0.0.1:1 (bad port)', ['mmmu', '--mirror', 'http://127.0.0.1:1']],
    [1, 'has no files of ChangeAddRemove', ['imagepulse']],
    [2, '--only: mmmu has no part "Alchemy"', ['mmmu', '--only', 'Alchemy']],
    [2, 'MMMU is not distributed as archives', ['mmmu', '--archives', '2']],
    [2, 'whole number from 1', ['imagepulse', '--archives', '0']],
    [2, 'is not distributed as archives', ['mmmu', '--archives', '2', '--mirror', '']],
    [2, 'starting with http', ['mmmu', '--mirror', 'ftp://x']],
    [2, 'Allowed choices are mmmu, imagepulse', ['geneval']],
  ])('ends with code %i and one line: %s', async (code, message, args) => {
    const ended = await run(...args, '--out', folder);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(lines(ended.stderr)).toHaveLength(1);
  });
});
