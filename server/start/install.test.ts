import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/**
 * What the install script of onnxruntime-node reads where npm runs it with our `.npmrc`: false is to download nothing.
 * The script's own reader of its settings is what is run.
 */
const root = path.join(import.meta.dirname, '../..');
const reader = createRequire(import.meta.url).resolve('onnxruntime-node/script/install-utils.js');
let project: string;
beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'studio-npmrc-'));
  await cp(path.join(root, '.npmrc'), path.join(project, '.npmrc'));
  const scripts = { told: 'node told.cjs' };
  await writeFile(
    path.join(project, 'package.json'),
    JSON.stringify({ name: 'p', version: '1.0.0', scripts }),
  );
  const script = `console.log(String(require(${JSON.stringify(reader)}).parseInstallFlag()));`;
  await writeFile(path.join(project, 'told.cjs'), script);
});
afterAll(() => rm(project, { recursive: true, force: true }));

function told(settings: Record<string, string>): string {
  const clean = Object.entries(process.env).filter(([name]) => !/onnxruntime|^npm_/i.test(name));
  const done = spawnSync('npm', ['run', '--silent', 'told'], {
    cwd: project,
    env: { ...Object.fromEntries(clean), ...settings } as NodeJS.ProcessEnv,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout.trim();
}

test('a bare npm ci downloads no CUDA libraries', () => {
  expect(told({})).toBe('false');
}, 30_000);

test.each([
  // The reader checks nothing but "skip" and "true": libraries by name are what this machine can have.
  ['cuda12', 'undefined'],
  ['true', 'true'],
])(
  'ONNXRUNTIME_NODE_INSTALL=%s wins',
  (asked, read) => {
    expect(told({ ONNXRUNTIME_NODE_INSTALL: asked })).toBe(read);
  },
  30_000,
);

test('a file .env beside package.json sets what the environment does not', async () => {
  const start = path.join(project, 'server/start');
  await cp(path.join(root, 'server/start/install.mjs'), path.join(start, 'install.mjs'));
  await writeFile(path.join(project, '.env'), 'PORT=3111\nSTUDIO_HOME="a folder"\nDEVICE=cuda\n');
  const script = `const { loadSettings } = await import('./install.mjs');
    loadSettings();
    const { PORT, STUDIO_HOME, DEVICE } = process.env;
    console.log(JSON.stringify([PORT, STUDIO_HOME, DEVICE]));`;
  const done = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: start,
    env: { ...process.env, PORT: '3222', STUDIO_HOME: undefined, DEVICE: '' },
    encoding: 'utf8',
  });
  expect(JSON.parse(done.stdout)).toEqual(['3222', 'a folder', '']);
});
