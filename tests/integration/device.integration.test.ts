import path from 'node:path';
import { expect, test } from 'vitest';
import { createDevice } from '../../server/inference/device';
import { createLog } from '../../server/log/log';
import { tinyModel } from '../support/paths';

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
