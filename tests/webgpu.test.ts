import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addNexusGen } from '../models/export/nexus-gen/add';
import { removeUnpacked, unpackTiny } from '../models/export/testing/expected';
import { tinyModel } from '../models/runtime/testing/tiny';
import { softwareVulkan } from './support/browser.mjs';

/** The GPU’s code on the driver in software that comes with Chromium. `npm test` installs one where there is none. */
const vulkan = softwareVulkan();

describe.skipIf(vulkan === null)('on the device webgpu', () => {
  let home: string;
  beforeAll(async () => void (home = await mkdtemp(path.join(tmpdir(), 'webgpu-'))));
  afterAll(async () => {
    await rm(home, { recursive: true });
    await removeUnpacked();
  });

  test.each([
    ['nano’s form', async () => tinyModel],
    [
      'Nexus-Gen V2, without the attention that is wrong there',
      async () => (await addNexusGen({ weights: await unpackTiny(), out: path.join(home, 'v2') })).dir,
    ],
  ])(
    'requests are answered as on the CPU: %s',
    async (_name, directory) => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', path.join(import.meta.dirname, 'support/compare-devices.ts'), await directory()],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          // Read when the process starts: the driver, and the library that loads it.
          env: {
            ...process.env,
            VK_ICD_FILENAMES: path.join(vulkan!, 'vk_swiftshader_icd.json'),
            LD_LIBRARY_PATH: vulkan!,
          },
        },
      );
      let said = '';
      child.stdout.on('data', (data: Buffer) => (said += data.toString()));
      expect((await once(child, 'close'))[0]).toBe(0);
      const found = said
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      expect(found.map(([task]) => task)).toEqual(['generate', 'edit', 'understand']);
      for (const [task, largest, mean] of found) {
        expect(Number(largest), task).toBeLessThanOrEqual(1);
        expect(Number(mean), task).toBeLessThan(2e-5);
      }
    },
    600_000,
  );
});
