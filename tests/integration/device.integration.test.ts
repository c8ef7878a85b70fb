import path from 'node:path';
import { expect, test } from 'vitest';
import { createDevice } from '../../server/inference/device';
import { createLog } from '../../server/platform/log/log';
import { stubChild, tinyModel } from '../support/paths';

const request = {
  task: 'understand',
  prompt: 'what is this?',
  image: null,
  maxNewTokens: 4,
  language: 'en',
} as const;

test('a request between a failed load and the end of its child is tried again, not forgotten', async () => {
  const device = createDevice({
    ...{ device: 'cpu', modelDir: tinyModel, log: createLog('device', 'silent') },
    entry: path.join(import.meta.dirname, '../support/failing-child.ts'),
  });
  await device.settled;
  expect(device.health().state).toBe('failed');
  await expect(device.run(request)).rejects.toThrow('No model here.');
  await device.stop();
});

test('a child that cannot even be begun fails the load, and the next request begins another', async () => {
  const { execPath } = process;
  process.execPath = '/nowhere/node';
  const device = createDevice({
    ...{ device: 'cpu', modelDir: tinyModel, log: createLog('device', 'silent') },
    entry: stubChild,
  });
  try {
    await device.settled;
  } finally {
    process.execPath = execPath;
  }
  expect(device.health()).toMatchObject({ state: 'failed', error: expect.stringMatching(/ENOENT/) });
  expect(await device.run(request)).toMatchObject({ kind: 'text' });
  await device.stop();
});
