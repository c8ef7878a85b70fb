import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { studio } from '../testing/studio';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

interface Listed {
  runtime: { version: string };
  devices: { device: string; supported: boolean; gpus: unknown }[];
}

it('lists the devices, with what the driver tells of its GPUs', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'smi-'));
  const program = path.join(folder, 'nvidia-smi');
  await writeFile(
    program,
    '#!/bin/sh\n[ $# = 0 ] && echo "CUDA Version: 12.8" || echo "NVIDIA L4, 23034, 570.86.10"\n',
  );
  await chmod(program, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const { code, stdout } = await studio('device', 'list', '--json');
  const { runtime, devices } = JSON.parse(stdout) as Listed;
  expect(code).toBe(0);
  expect(runtime.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(devices.map(({ device }) => device)).toEqual(['cpu', 'cuda', 'webgpu']);
  expect(devices[1]).toMatchObject({
    ...{ driverCuda: '12.8', memory: 23034 * 2 ** 20 },
    gpus: [{ name: 'NVIDIA L4', memory: 23034 * 2 ** 20, driver: '570.86.10' }],
  });
  expect((await studio('device', 'list')).stdout).toContain(
    'NVIDIA L4, 24.15 GB, driver 570.86.10 (CUDA 12.8)',
  );
  await rm(folder, { recursive: true });
});

it('says that a device works', async () => {
  const { code, stdout } = await studio('device', 'check', 'cpu');
  expect(code).toBe(0);
  expect(stdout).toContain('cpu works');
});

it.each([
  ['another device', ['check', 'tpu'], 'Allowed choices are cpu, cuda, webgpu'],
  ['what needs no installing', ['install', 'webgpu'], 'Allowed choices are cuda'],
  ['another source', ['install', 'cuda', '--from', 'ftp://x'], 'It must be pypi, nuget'],
])('refuses a wrong call: %s', async (_what, args, says) => {
  const { code, stderr } = await studio('device', ...args);
  expect(code).toBe(2);
  expect(stderr).toContain(says);
});

it('refuses an index with a user name, which messages would show', async () => {
  vi.stubEnv('PIP_INDEX_URL', 'https://ada:secret@index.example/simple');
  const { code, stderr } = await studio('device', 'install', 'cuda');
  expect(code).toBe(1);
  expect(stderr).toContain('PIP_INDEX_URL contains a user name');
  expect(stderr).not.toContain('secret');
});
