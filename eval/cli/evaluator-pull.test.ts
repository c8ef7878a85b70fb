import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pullEvaluator } from '../download/evaluators';
import { sha256Of, startHub, type TestHub } from '../download/testing/hub';
import { studio } from '../testing/studio';

const repo = 'facebook/dino-vits16';
const weights = Buffer.alloc(70_000, 'weights');
const detector = 'mask2former_swin-s-p4-w7-224_lsj_8x2_50e_coco_20220504_001756-743b7d99.pth';

let hub: TestHub;
let home: string;
let folder: string;
beforeEach(async () => {
  hub = await startHub({
    [`${repo}/config.json`]: Buffer.from('{}'),
    [`${repo}/preprocessor_config.json`]: Buffer.from('{}'),
    [`${repo}/pytorch_model.bin`]: weights,
    [`${repo}/tf_model.h5`]: Buffer.from('nobody wants it'),
    [`some/files/${detector}`]: weights,
    'some/files/weights.pt': weights,
  });
  home = await mkdtemp(path.join(tmpdir(), 'evaluator-'));
  folder = path.join(home, 'it’s here');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await hub.close();
  await rm(home, { recursive: true, force: true });
});

const files = () => `${hub.address}/some/files/resolve/main`;
const run = (...args: string[]) => studio('evaluator', 'pull', ...args, '--out', folder);

describe('studio evaluator pull', () => {
  it('downloads what is needed of a repository, says what comes next, and keeps it', async () => {
    const { code, stdout } = await run('dino-vits16', '--from', hub.address);
    expect(code).toBe(0);
    expect(stdout).toContain('3 files downloaded');
    expect(stdout).toContain(`Next: npx studio evaluator add dino-vits16 --weights '${folder}'\n`);
    const again = await run('dino-vits16', '--from', hub.address, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      ...{ evaluator: 'dino-vits16', fetched: { files: 0 }, kept: { files: 3 } },
    });
  });

  it('refuses a file that is not the published one', async () => {
    const { code, stderr } = await run('mask2former-swin-s', '--from', files());
    expect(code).toBe(1);
    expect(stderr).toContain(
      `different content (sha256 ${sha256Of(weights)}) from the published file (743b7d99)`,
    );
    await expect(readFile(path.join(folder, detector))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says where it asked for a file that is not there', async () => {
    const { code, stderr } = await run('clip-vit-b32', '--from', files());
    expect(code).toBe(1);
    expect(stderr).toContain('ViT-B-32.pt answered 404');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('files with addresses of their own', () => {
  const published = (sha256 = sha256Of(weights)) => [
    { url: 'https://published.invalid/models/weights.pt', sha256 },
  ];
  const pull = (sha256?: string) =>
    pullEvaluator('clip-vit-b32', folder, { mirror: files(), retries: 2, pauseMs: 1 }, published(sha256));

  it('are downloaded once, by their sum or its beginning', async () => {
    expect(await pull()).toMatchObject({ fetched: { files: 1, bytes: weights.length }, kept: { files: 0 } });
    expect((await readFile(path.join(folder, 'weights.pt'))).equals(weights)).toBe(true);
    const { length } = hub.requests;
    expect(await pull(sha256Of(weights).slice(0, 8))).toMatchObject({ kept: { files: 1 } });
    expect(hub.requests).toHaveLength(length);
  });

  it('are continued after a broken connection', async () => {
    hub.faults = [null, { breakAfter: 30_000 }];
    expect(await pull()).toMatchObject({ fetched: { files: 1 } });
    expect(hub.requests.at(-1)!.range).toMatch(/^bytes=[1-9]\d*-/);
  });

  it('of another content are left alone where they lie', async () => {
    await pull();
    await writeFile(path.join(folder, 'weights.pt'), 'mine');
    await expect(pull()).rejects.toThrow('Delete it and pull again.');
    expect(await readFile(path.join(folder, 'weights.pt'), 'utf8')).toBe('mine');
  });
});
