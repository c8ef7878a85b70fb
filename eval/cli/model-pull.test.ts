import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startHub, type TestHub } from '../download/testing/hub';
import { studio } from '../testing/studio';

const flux = 'black-forest-labs/FLUX.1-dev';
const files = [
  ...['ae.safetensors', 'text_encoder/config.json', 'text_encoder/model.safetensors'].map(
    (name) => `${flux}/${name}`,
  ),
  ...['config.json', 'model.safetensors'].map((name) => `${flux}/text_encoder_2/${name}`),
  ...[
    ...['config.json', 'generation_config.json', 'preprocessor_config.json', 'tokenizer.json'],
    ...['chat_template.json', 'model.safetensors', 'generation_decoder.bin', 'edit_decoder.bin'],
  ].map((name) => `modelscope/Nexus-GenV2/${name}`),
];

let hub: TestHub;
let home: string;
let folder: string;
beforeEach(async () => {
  hub = await startHub(Object.fromEntries(files.map((name) => [name, Buffer.alloc(1000, name)])));
  hub.redirects = true;
  home = await mkdtemp(path.join(tmpdir(), 'model-'));
  folder = path.join(home, 'it’s here');
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await hub.close();
  await rm(home, { recursive: true, force: true });
});

const run = (...args: string[]) => studio('model', 'pull', 'nexus-gen-v2', '--out', folder, ...args);
const fromMirror = (...args: string[]) => run('--from', hub.address, ...args);

describe('studio model pull', () => {
  it('shows the licence first, and what comes next', async () => {
    const { code, stdout, stderr } = await fromMirror();
    expect(code).toBe(0);
    expect(stderr).toContain('Non-Commercial License applies');
    expect(stdout).toContain('13 files downloaded');
    expect(stdout).toContain(
      `Next: npx studio model add nexus-gen-v2 --weights '${folder}' --out models/nexus-gen-v2\n`,
    );
    expect((await fromMirror()).stdout).toContain('13 already present');
  });

  it('prints one JSON object, and keeps the same beside the files', async () => {
    const { stdout } = await fromMirror('--json');
    const pulled = JSON.parse(stdout) as { sources: { lock: string }[] };
    expect(pulled).toMatchObject({
      model: 'nexus-gen-v2',
      folder,
      sources: [{ repo: flux }, { repo: 'modelscope/Nexus-GenV2', commit: hub.commit, files: 8 }],
      fetched: { files: 13, bytes: 13_000 },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const lock = JSON.parse(await readFile(pulled.sources[1]!.lock, 'utf8')) as object;
    expect(lock).toMatchObject({ revision: 'main', commit: hub.commit });
  });

  it('sends HF_TOKEN where an account is needed', async () => {
    hub.gated.add(flux);
    vi.stubEnv('HF_TOKEN', 'bad');
    const { code, stderr } = await fromMirror();
    expect(code).toBe(1);
    expect(stderr).toContain('accept the licence there, and set HF_TOKEN');
    vi.stubEnv('HF_TOKEN', 'good');
    expect((await fromMirror()).code).toBe(0);
  });

  it('ends at Ctrl-C and can be resumed', async () => {
    hub.faults = Array.from({ length: 4 }, () => ({ stall: 500 }));
    const stopped = fromMirror();
    await vi.waitFor(() => expect(hub.stalled).toHaveLength(4));
    process.emit('SIGINT');
    expect((await stopped).code).toBe(130);
    expect(await readdir(folder)).not.toContain('in-use');
    expect((await fromMirror()).stdout).toContain('13 files downloaded');
  });

  it('says which file is wrong', async () => {
    hub.faults = [{ bytes: Buffer.alloc(1000) }];
    const { code, stderr } = await fromMirror('--parallel', '1');
    expect(code).toBe(1);
    expect(stderr).toMatch(/ae\.safetensors from http:.* has different content .* was deleted/);
  });

  it.each([
    ['starting with http', ['--from', 'somewhere']],
    ['whole number from 1', ['--parallel', '0']],
  ])('refuses a wrong call: %s', async (says, args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
