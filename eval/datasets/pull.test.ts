import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBenchmark } from '../benchmarks';
import { SUBJECTS } from '../benchmarks/mmmu/subjects';
import type { Lock } from '../download/lock';
import { lockName } from './lock';
import { readMmmu } from './mmmu';
import { pullDataset, type DatasetPullOptions, type PullableDataset } from './pull';
import { sha256Of, startHub, type TestHub } from '../download/testing/hub';

const path = (subject: string) => `${subject}/validation-00000-of-00001.parquet`;
const content = (name: string) => Buffer.from(`file of ${name}`.repeat(50));
const mmmuFiles = Object.fromEntries([
  ...SUBJECTS.map((subject) => [`MMMU/MMMU/${path(subject)}`, content(subject)]),
  ['MMMU/MMMU/Art/test-00000-of-00001.parquet', content('test')],
  ['MMMU/MMMU/README.md', content('readme')],
]) as Record<string, Buffer>;
const sets = ['ChangeAddRemove', 'ZoominZoomout', 'StyleTransfer', 'FaceID'];
const imagePulseFiles = Object.fromEntries(
  sets.flatMap((set) => [
    ...['3', '1', '2'].map((n) => [`DiffSynth-Studio/ImagePulse-${set}/data/${n}.tar.gz`, content(set + n)]),
    [`DiffSynth-Studio/ImagePulse-${set}/README.md`, content('readme')],
  ]),
) as Record<string, Buffer>;

let hub: TestHub;
let folder: string;
beforeEach(async () => {
  hub = await startHub({ ...mmmuFiles, ...imagePulseFiles });
  folder = await mkdtemp(join(tmpdir(), 'pull-'));
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const pull = (options: DatasetPullOptions = {}, name: 'mmmu' | 'imagepulse' = 'mmmu') =>
  pullDataset(findBenchmark(name) as PullableDataset, folder, {
    mirror: hub.address,
    retries: 2,
    pauseMs: 0,
    ...options,
  });
const lockIn = async (...at: string[]) =>
  JSON.parse(await readFile(join(folder, ...at, lockName), 'utf8')) as Lock;

describe('pulling MMMU', () => {
  it('fetches the validation files of thirty subjects and locks them', async () => {
    const progress: [number, number][] = [];
    const pulled = await pull({ onProgress: (...at) => progress.push(at) });
    expect(pulled.fetched.files).toBe(30);
    expect(pulled.sources).toMatchObject([{ repo: 'MMMU/MMMU', files: 30 }]);
    expect(progress.at(-1)).toEqual([pulled.fetched.bytes, pulled.fetched.bytes]);
    expect((await readdir(folder)).sort()).toEqual([...SUBJECTS, lockName].sort());
    const lock = await lockIn();
    expect(lock.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(lock.files).toHaveLength(30);
    expect(lock.files.find((file) => file.path === path('Art'))?.sha256).toBe(sha256Of(content('Art')));
    expect(hub.listings[0]).toContain(`/tree/${lock.commit}?`);
  });

  it('fetches nothing again, and asks the hub nothing', async () => {
    const first = await pull();
    hub.listings = [];
    hub.requests = [];
    const second = await pull();
    expect(second).toMatchObject({
      fetched: { files: 0, bytes: 0 },
      kept: { files: 30 },
      sha256: first.sha256,
    });
    expect([hub.listings, hub.requests]).toEqual([[], []]);
  });

  it('fetches what is missing, and what `only` asks for', async () => {
    expect(await pull({ only: ['Art', 'Music'] })).toMatchObject({ fetched: { files: 2 } });
    expect(await pull({ only: ['Music', 'Math'] })).toMatchObject({
      fetched: { files: 1 },
      kept: { files: 1 },
    });
    await expect(pull({ only: ['Alchemy'] })).rejects.toThrow(
      'mmmu has no part "Alchemy". Choose from Accounting',
    );
  });

  it('is resumed after a stop in the middle', async () => {
    const cancel = new AbortController();
    const stopped = pull({
      signal: cancel.signal,
      onProgress: (bytes, total) => {
        if (bytes > total / 2) cancel.abort();
      },
    });
    await expect(stopped).rejects.toThrow('cancelled');
    const rest = await pull();
    expect(rest.fetched.files).toBeLessThan(30);
    expect(rest.fetched.files + rest.kept.files).toBe(30);
  });

  it('names a file that is another than it was', async () => {
    await pull();
    await writeFile(join(folder, path('Music')), content('Muzak'));
    await expect(pull()).rejects.toThrow(/Music\/validation.* doesn’t match dataset\.lock\.json/);
    await expect(readMmmu(folder)).rejects.toThrow(/Music\/validation.* doesn’t match/);
  });

  it('holds a later download against the first one', async () => {
    await pull({ only: ['Art'] });
    hub.files.set(`MMMU/MMMU/${path('Music')}`, Buffer.from('x'.repeat(content('Music').length)));
    await expect(pull({ only: ['Music'] })).rejects.toThrow(/Music\/validation.* has different content/);
  });

  it.each([
    ['a mirror without a subject', () => hub.files.delete(`MMMU/MMMU/${path('Music')}`), 'no files of Music'],
    ['a mirror without the dataset', () => hub.files.clear(), 'no files of Accounting'],
    ['a path out of the folder', () => hub.files.set('MMMU/MMMU/../../x', content('x')), 'not a path inside'],
  ])('with %s says so and locks nothing', async (_, spoil, message) => {
    spoil();
    await expect(pull()).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a folder of another dataset, and a damaged lock', async () => {
    await writeFile(join(folder, lockName), JSON.stringify({ ...emptyLock, source: 'huggingface:a/b' }));
    await expect(pull()).rejects.toThrow('contains huggingface:a/b');
    await writeFile(join(folder, lockName), '{');
    await expect(pull()).rejects.toThrow(`${lockName} is damaged`);
  });

  it('says in one line that a mirror is none', async () => {
    await expect(pull({ mirror: `${hub.address}/elsewhere` })).rejects.toThrow(
      /answered 404 Not Found\. Is the mirror/,
    );
  });

  it('says before the first byte that the disk is too small', async () => {
    const room = () => Promise.resolve({ bavail: 1, bsize: 4096 });
    await expect(pull({ room })).rejects.toThrow(/has 0\.00 GB free, but the download needs 0\.00 GB/);
    expect(hub.requests).toEqual([]);
  });
});

const emptyLock: Lock = { version: 1, source: '', revision: '', commit: '', files: [] };

describe('pulling ImagePulse', () => {
  it('takes the first archives of each set, at the commit that the branch has', async () => {
    const pulled = await pull({}, 'imagepulse');
    expect(hub.requests.map((request) => request.path.replace(/.*ImagePulse-/, ''))).toEqual(
      sets.map((set) => `${set}/data/1.tar.gz`),
    );
    expect(pulled.sources.map(({ commit }) => commit)).toEqual(Array.from(sets, () => 'abcdef01'));
    expect(await readdir(join(folder, 'FaceID', 'data'))).toEqual(['1.tar.gz']);
    const lock = await lockIn('FaceID');
    expect(lock).toMatchObject({ revision: 'master', commit: 'abcdef01' });
    expect(lock.files).toHaveLength(3);
  });

  it('fetches further archives and single sets of the same commit', async () => {
    await pull({ only: ['FaceID'] }, 'imagepulse');
    hub.files.set('DiffSynth-Studio/ImagePulse-FaceID/data/0.tar.gz', content('new'));
    const more = await pull({ only: ['FaceID'], archives: 3 }, 'imagepulse');
    expect(more).toMatchObject({ fetched: { files: 2 }, kept: { files: 1 } });
    expect(await readdir(folder)).toEqual(['FaceID']);
    expect((await readdir(join(folder, 'FaceID', 'data'))).sort()).toEqual([
      '1.tar.gz',
      '2.tar.gz',
      '3.tar.gz',
    ]);
  });
});
