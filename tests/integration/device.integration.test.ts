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

test('its health tells which graphs are on the device, and which will never be', async () => {
  const entry = path.join(import.meta.dirname, '../../server/inference/child.ts');
  const options = { device: 'cpu', modelDir: tinyModel, log: createLog('device', 'silent'), entry } as const;
  const roomy = createDevice(options);
  await roomy.settled;
  const { graphs = [], tooLarge, loading, limit } = roomy.health().graphs ?? {};
  expect(graphs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['language_model', 'generation_decoder', 'editing_decoder', 'vae_decoder']),
  );
  expect({ tooLarge, loading }).toEqual({ tooLarge: [], loading: [] });
  expect(limit).toBeGreaterThan(1e8);
  await roomy.stop();

  const sizes = graphs.map(({ bytes }) => bytes).sort((a, b) => a - b);
  const narrow = createDevice({ ...options, memory: sizes.at(-1)! - 1 });
  await narrow.settled;
  const health = narrow.health();
  expect(health.state).toBe('ready');
  expect(health.graphs?.tooLarge.length).toBeGreaterThan(0);
  const held = health.graphs!.graphs.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(held).toBeLessThan(sizes.at(-1)!);
  await narrow.stop();
}, 120_000);
