import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addNexusGen } from '../../models/export/nexus-gen/add';
import { removeUnpacked, unpackTiny } from '../../models/export/testing/expected';
import type { Lock } from './lock';
import { modelLockName, pullNexusGen, type ModelPullOptions } from './nexus-gen';
import { sha256Of, startHub, type TestHub } from './testing/hub';

const flux = 'black-forest-labs/FLUX.1-dev';
const owners = { modelscope: 'DiffSynth-Studio', huggingface: 'modelscope' } as const;

/** What the checkpoint consists of, by its path in the folder of weights. */
let wanted: Map<string, Buffer>;
let served: Record<string, Buffer>;
beforeAll(async () => {
  const weights = await unpackTiny();
  const all = await readdir(weights, { recursive: true, withFileTypes: true });
  wanted = new Map();
  served = {};
  for (const entry of all.filter((entry) => entry.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(weights, file).split(path.sep).join('/');
    if (name.startsWith('expected')) continue;
    const bytes = await readFile(file);
    wanted.set(name, bytes);
    for (const owner of Object.values(owners))
      served[name.startsWith('FLUX.1-dev/') ? `black-forest-labs/${name}` : `${owner}/Nexus-GenV2/${name}`] =
        bytes;
  }
  // What the repositories have besides.
  for (const name of ['flux1-dev.safetensors', 'text_encoder/model.fp16.safetensors', 'README.md'])
    served[`${flux}/${name}`] = Buffer.from(`not needed: ${name}`);
});
afterAll(removeUnpacked);

let hub: TestHub;
let folder: string;
beforeEach(async () => {
  hub = await startHub(served);
  hub.redirects = true;
  folder = await mkdtemp(path.join(tmpdir(), 'pull-'));
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

const pull = (options: Partial<ModelPullOptions> = {}) =>
  pullNexusGen(folder, {
    ...{ hub: 'huggingface', mirror: hub.address, segment: 100_000, retries: 2, pauseMs: 0 },
    ...options,
  });

/** Everything in the folder but the locks, by its path. */
async function found(): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && entry.name !== modelLockName)
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

async function expectCheckpoint(): Promise<void> {
  expect(await found()).toEqual([...wanted.keys()].sort());
  for (const [name, bytes] of wanted)
    expect((await readFile(path.join(folder, name))).equals(bytes), name).toBe(true);
}

const lockIn = async (...at: string[]) =>
  JSON.parse(await readFile(path.join(folder, ...at, modelLockName), 'utf8')) as Lock;
const bytesOf = (files: Iterable<Buffer>) => [...files].reduce((sum, { length }) => sum + length, 0);

describe.each(['modelscope', 'huggingface'] as const)('pulling Nexus-Gen V2 from %s', (from) => {
  it('fetches what a model directory needs, and notes what it was', async () => {
    const progress: [number, number][] = [];
    const pulled = await pull({ hub: from, onProgress: (...at) => progress.push(at) });
    await expectCheckpoint();
    const total = bytesOf(wanted.values());
    expect(pulled).toMatchObject({ fetched: { files: wanted.size, bytes: total }, kept: { files: 0 } });
    expect(progress.at(-1)).toEqual([total, total]);
    const lock = await lockIn();
    expect(lock).toMatchObject({ source: `${from}:${owners[from]}/Nexus-GenV2`, commit: hub.commit });
    for (const file of [...lock.files, ...(await lockIn('FLUX.1-dev')).files])
      expect(file.sha256).toBe(
        sha256Of(wanted.get(file.path) ?? wanted.get(`FLUX.1-dev/${file.path}`) ?? Buffer.alloc(0)),
      );
    const out = path.join(folder, '..', `${path.basename(folder)}-model`);
    try {
      const { hash } = await addNexusGen({ weights: folder, out });
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });

  it('asks nothing again once everything is there', async () => {
    const { sha256 } = await pull({ hub: from });
    hub.asked = [];
    expect(await pull({ hub: from })).toMatchObject({
      fetched: { files: 0 },
      kept: { files: wanted.size, bytes: bytesOf(wanted.values()) },
      sha256,
    });
    expect(hub.asked).toEqual([]);
  });
});

describe('pulling Nexus-Gen V2', () => {
  it('sends the token to the hub alone, and says how to get one', async () => {
    hub.gated.add(flux);
    await expect(pull()).rejects.toThrow(
      /answered 401 Unauthorized\. Sign in to https:\/\/huggingface\.co\/black-forest-labs\/FLUX\.1-dev, accept the licence there, and set HF_TOKEN/,
    );
    expect((await found()).filter((name) => /decoder/.test(name))).toEqual([]);
    hub.asked = [];
    await pull({ token: 'good' });
    await expectCheckpoint();
    expect(new Set(hub.asked.map(({ at, authorization }) => `${at} ${authorization}`))).toEqual(
      new Set(['hub Bearer good', 'cdn undefined']),
    );
  });

  it('stays at its commit when the branch moves on', async () => {
    hub.gated.add(flux);
    await expect(pull()).rejects.toThrow('401');
    const { commit } = await lockIn();
    hub.commit = '1'.repeat(40);
    hub.gated.clear();
    const { sources } = await pull();
    expect(sources.map((source) => source.commit)).toEqual([commit, commit]);
  });

  it('names a file that has another content than was announced, and deletes it', async () => {
    await pull();
    await rm(path.join(folder, 'edit_decoder.bin'));
    const repo = 'modelscope/Nexus-GenV2';
    hub.files.set(`${repo}/edit_decoder.bin`, Buffer.alloc(wanted.get('edit_decoder.bin')!.length));
    await expect(pull()).rejects.toThrow(/^edit_decoder\.bin from .* has different content/);
    expect((await found()).filter((name) => name.startsWith('edit'))).toEqual([]);
  });

  it('finds a file that was changed afterwards', async () => {
    await pull();
    const file = path.join(folder, 'generation_decoder.bin');
    await writeFile(file, Buffer.alloc(wanted.get('generation_decoder.bin')!.length));
    await utimes(file, 1, 1);
    await expect(pull()).rejects.toThrow(/generation_decoder\.bin doesn’t match model\.lock\.json/);
  });

  it('takes what was downloaded by other means', async () => {
    await writeFile(path.join(folder, 'config.json'), wanted.get('config.json')!);
    expect(await pull()).toMatchObject({ kept: { files: 1 }, fetched: { files: wanted.size - 1 } });
  });

  it.each(['../x.json', '/etc/x.json', 'a\\..\\x.json', 'a//x.json', 'C:/x.json'])(
    'refuses the name %s',
    async (name) => {
      hub.files.set(`modelscope/Nexus-GenV2/${name}`, Buffer.from('x'));
      await expect(pull()).rejects.toThrow(`The hub lists an unusable file: ${JSON.stringify(name)}`);
      expect(hub.requests).toEqual([]);
    },
  );

  it.each([
    ['a web page', '<!doctype html><title>Sign in</title>'],
    ['an error in JSON', '{"Code":500,"Success":false,"Data":null}'],
  ])('says that a hub answers with %s', async (_what, body) => {
    const server = createServer((_request, response) => response.end(body));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const from of ['huggingface', 'modelscope'] as const)
      await expect(pull({ hub: from, mirror })).rejects.toThrow('did not answer like the hub');
    server.close();
    expect(await found()).toEqual([]);
  });

  it('says that ModelScope does not have the branch', async () => {
    const server = createServer((_request, response) => response.end('{"Data":{"Files":null}}'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(pull({ hub: 'modelscope', mirror })).rejects.toThrow(`has no master of ${flux}`);
    server.close();
  });

  it('says which file a hub lacks', async () => {
    hub.files.delete(`${flux}/ae.safetensors`);
    await expect(pull()).rejects.toThrow(`${flux} has no files of ae.safetensors. Is the mirror complete?`);
  });

  it('says before the first byte how much room it needs', async () => {
    const room = () => Promise.resolve({ bavail: 1, bsize: 4096 });
    await expect(pull({ room })).rejects.toThrow(/has 0\.00 GB free, but the download needs \d+\.\d\d GB/);
    expect(hub.requests).toEqual([]);
  });

  it('refuses a folder that came from another hub, and one that is being pulled', async () => {
    hub.paceMs = 5;
    const first = pull();
    await expect.poll(() => hub.requests.length).toBeGreaterThan(0);
    await expect(pull()).rejects.toThrow(/Another process \(\d+\) is working in/);
    hub.paceMs = 0;
    await first;
    await expect(pull({ hub: 'modelscope' })).rejects.toThrow(`contains huggingface:${flux}`);
  });

  it('ends with the same files after any number of kills', async () => {
    hub.paceMs = 10;
    const script = path.join(import.meta.dirname, 'testing/pull.ts');
    const run = () =>
      spawn(process.execPath, ['--import', 'tsx', script, hub.address, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    for (let kill = 0; kill < 10; kill++) {
      const child = run();
      let lines = 0;
      const after = 1 + Math.floor(Math.random() * 12);
      child.stdout.on('data', (data: Buffer) => {
        lines += data.toString().split('\n').length - 1;
        if (lines >= after) child.kill('SIGKILL');
      });
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      expect([0, 'SIGKILL']).toContain(code ?? signal);
    }
    hub.paceMs = 0;
    const child = run();
    child.stdout.resume();
    expect((await once(child, 'close'))[0]).toBe(0);
    await expectCheckpoint();
  });
});
