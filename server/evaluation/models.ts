import { existsSync } from 'node:fs';
import path from 'node:path';
import { endpointSettingsSchema, openEndpoint, type EndpointUnderTest } from '../../eval/under-test/endpoint';
import { UnderTestError, type ModelUnderTest } from '../../eval/under-test/types';
import { manifestSchema, type Device } from '../../models/runtime';
import { createDevice, type InferenceDevice } from '../inference/device';
import type { Logger } from '../platform/log/log';
import type { Revision } from './revisions';
import type { Run } from './run-store';
import { deviceUnderTest, importedUnderTest } from './under-test';

export interface OpenModel {
  model: ModelUnderTest;
  /** How many requests it takes at once. */
  concurrency: number;
  /** Of an endpoint: attempts so far that may have been charged, with those that the run had before. */
  requestsSent?: () => number;
}

/** The models under test of one worker. */
export interface UnderTestPool {
  /** @throws UnderTestError `unavailable` when this worker cannot have the model */
  open(revision: Revision, run: Pick<Run, 'id' | 'requestsSent' | 'endpoint'>): Promise<OpenModel>;
  stop(): Promise<void>;
}

/**
 * @param options.device the worker's own, which serves the demo; another model directory gets a child of its own, and
 *   only the last of those stays in memory
 */
export function underTestPool(options: {
  device: InferenceDevice;
  kind: Device;
  memory?: number;
  log: Logger;
  childEntry: string;
}): UnderTestPool {
  let other: { hash: string; device: InferenceDevice } | undefined;
  /** The last run's: its rate and spending limits hold for the object. */
  let endpoint: { key: string; open: EndpointUnderTest } | undefined;

  async function deviceFor({ hash, name, location }: Revision): Promise<InferenceDevice> {
    await options.device.settled;
    if (options.device.health().hash === hash) return options.device;
    if (location === null || !existsSync(path.join(location, 'manifest.json')))
      throw new UnderTestError(
        'unavailable',
        `This worker doesn’t have the model ${name}; its directory should be at ${location ?? 'no known path'}.`,
      );
    if (other?.hash !== hash) {
      await other?.device.stop();
      const { kind: device, memory, log, childEntry: entry } = options;
      other = { hash, device: createDevice({ modelDir: location, device, memory, log, entry }) };
    }
    const { device } = other;
    await device.settled;
    const health = device.health();
    if (health.state !== 'failed' && health.hash === hash) return device;
    other = undefined;
    await device.stop();
    throw new UnderTestError(
      'unavailable',
      health.error ?? `The directory ${location} now contains a different model. Start a new run.`,
    );
  }

  return {
    async open(revision, run) {
      if (revision.kind === 'imported') return { model: importedUnderTest, concurrency: 1 };
      if (revision.kind === 'directory') {
        const device = await deviceFor(revision);
        return { model: deviceUnderTest(device, manifestSchema.parse(revision.manifest)), concurrency: 1 };
      }
      const settings = endpointSettingsSchema.parse(run.endpoint);
      if (settings.maxRequests !== undefined && run.requestsSent >= settings.maxRequests)
        throw new UnderTestError(
          'limit',
          `The spending limit of ${settings.maxRequests} requests is reached. Resume with: studio eval resume ${run.id.slice(0, 8)} --max-requests N`,
        );
      const key = JSON.stringify([run.id, settings]);
      if (endpoint?.key !== key) {
        await endpoint?.open.close();
        endpoint = { key, open: openEndpoint(settings, { requestsSent: run.requestsSent }) };
      }
      const { open } = endpoint;
      return { model: open, concurrency: settings.concurrency, requestsSent: () => open.requestsSent };
    },
    async stop() {
      await other?.device.stop();
      await endpoint?.open.close();
    },
  };
}
