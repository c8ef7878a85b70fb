import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from './cli';

const studio = fileURLToPath(new URL('../server/cli/studio.mjs', import.meta.url));
const model = fileURLToPath(new URL('../models/runtime/testing/tiny-model', import.meta.url));

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'studio-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the executable in an empty folder with the tiny model. */
function run(...args: string[]): Promise<Ended> {
  const env = { ...process.env, MODEL_DIR: model, DEVICE: 'cpu' };
  return new Promise((resolve) =>
    execFile(process.execPath, [studio, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

/** The same in this process, which saves the start of another: for all that need no executable. */
async function call(...args: string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  const cwd = process.cwd();
  vi.stubEnv('MODEL_DIR', model).stubEnv('DEVICE', 'cpu');
  process.chdir(folder);
  try {
    return { code: await main(args), ...said };
  } finally {
    process.chdir(cwd);
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

const lines = (text: string) => text.split('\n').length - 1;

describe('studio', { timeout: 60_000 }, () => {
  it('generates the same file for the same seed, and says in JSON how', async () => {
    const first = await run('generate', 'two red apples', '--seed', '1', '--out', 'a.png', '--json');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const said = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(said).toMatchObject({
      task: 'generate',
      model: { name: 'tiny-random', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      prompt: 'two red apples',
      seed: 1,
      width: 64,
      height: 64,
      out: expect.stringMatching(/a\.png$/),
      timings: { load: expect.any(Number), denoise: expect.any(Number), total: expect.any(Number) },
    });
    const second = await call('generate', 'two red apples', '--seed', '1');
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('generated-1.png') });
    expect(await readFile(join(folder, 'generated-1.png'))).toEqual(await readFile(join(folder, 'a.png')));
  });

  it('takes a negative prompt, and writes the settings into the file', async () => {
    const settings = ['generate', 'two red apples', '--seed', '1', '--json'];
    const plain = await call(...settings, '--out', 'plain.png');
    const negative = await call(...settings, '--negative', 'a dog', '--out', 'negative.png');
    expect(JSON.parse(plain.stdout)).not.toHaveProperty('negativePrompt');
    expect(JSON.parse(negative.stdout)).toMatchObject({ negativePrompt: 'a dog' });
    const [a, b] = await Promise.all(
      ['plain.png', 'negative.png'].map((name) => readFile(join(folder, name))),
    );
    expect(a).not.toEqual(b);
    expect(b!.toString('latin1')).toContain(
      'parameters\0two red apples\nNegative prompt: a dog\nSteps: 4, Sampler: flow_match_euler, CFG scale: 2, Seed: 1',
    );
    expect(b!.toString('latin1')).toContain('nexus-gen-studio\0');
    expect(b!.toString('latin1')).not.toContain(folder);
  });

  it('polishes a prompt where the model names how', async () => {
    const ruled = join(folder, 'ruled');
    await cp(model, ruled, { recursive: true });
    const manifest = JSON.parse(await readFile(join(ruled, 'manifest.json'), 'utf8')) as object;
    const polishing = { by: 'template', rules: 'scenes' };
    await writeFile(join(ruled, 'manifest.json'), JSON.stringify({ ...manifest, polishing }));
    const polished = await call('generate', '2 red apples', '--polish', '--seed', '1', '--model', ruled);
    expect(polished).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^a photo of two red apples\n.*generated-1\.png/),
    });
    const json = await call('generate', '2 apples', '--polish', '--seed', '1', '--model', ruled, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      prompt: 'a photo of two apples',
      polishedFrom: '2 apples',
    });
  });

  it('edits a picture and asks about it', async () => {
    await call('generate', 'a dog', '--seed', '2', '--width', '96', '--out', 'dog.png');
    const edited = await call(
      'edit',
      'dog.png',
      'make it green',
      '--decoder',
      'generation',
      '--seed',
      '3',
      '--json',
    );
    expect(JSON.parse(edited.stdout)).toMatchObject({
      decoder: 'generation',
      width: 96,
      height: 64,
      seed: 3,
    });
    const asked = await call('ask', 'dog.png', 'how many?', '--json');
    expect(JSON.parse(asked.stdout)).toMatchObject({ image: 'dog.png', answer: expect.any(String) });
    expect(await call('ask', '有几个？')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[number, string, string[]]>([
    [2, 'prompt is empty', ['generate', '']],
    [2, 'steps 99: must be a whole number from 1 to 50', ['generate', 'x', '--steps', '99']],
    [2, 'must be a number', ['generate', 'x', '--seed', 'one']],
    [2, 'missing required argument', ['edit', 'dog.png']],
    [2, 'file not found', ['edit', 'nowhere.png', 'x']],
    [2, 'must end in .png', ['generate', 'x', '--out', 'x.jpg']],
    [2, 'folder does not exist', ['generate', 'x', '--out', 'nowhere/x.png']],
    [2, 'Allowed choices are cpu, webgpu, cuda', ['generate', 'x', '--device', 'abacus']],
    [2, 'support prompt expansion', ['generate', 'x', '--polish']],
    [2, 'negative prompt is 501', ['generate', 'x', '--negative', 'x'.repeat(501)]],
    [2, 'quotes', ['ask', 'dog.png', 'how', 'many?']],
    [1, 'No model at', ['generate', 'x', '--model', 'nowhere']],
  ])('ends with code %i and one line: %s', async (code, message, args) => {
    const ended = await call(...args);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(lines(ended.stderr)).toBe(1);
  });

  it('says what is wrong with a picture, in JSON too', async () => {
    await writeFile(join(folder, 'text.png'), 'not a picture');
    const ended = await run('ask', 'text.png', 'what?', '--json');
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'image_format' } });
    expect(lines(ended.stderr)).toBe(1);
  });

  it('says in one line when packages are missing', async () => {
    const bare = join(folder, 'bare', 'server');
    await cp(
      fileURLToPath(new URL('../server/cli/studio.mjs', import.meta.url)),
      join(bare, 'cli/studio.mjs'),
    );
    const link = join(folder, 'bare-studio.mjs');
    await symlink(join(bare, 'cli/studio.mjs'), link);
    const ended = await new Promise<Ended>((resolve) =>
      execFile(process.execPath, [link, 'ask', 'x'], { cwd: folder }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      ),
    );
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('npm ci') });
    expect(lines(ended.stderr)).toBe(1);
  });
});
