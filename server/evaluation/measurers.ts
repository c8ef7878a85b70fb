import path from 'node:path';
import type { BenchmarkName, SampleScore } from '../../eval/benchmarks/definition';
import type { RunSettings } from '../../eval/benchmarks/settings';
import type { DatasetItem } from '../../eval/datasets/types';
import { evaluatorKinds, type EvaluatorDirectories } from '../../eval/evaluators/open';
import { sha256 } from '../../eval/fingerprint';
import { startModelChild, type ModelChild } from '../inference/device';
import { StudioError } from '../errors/errors';
import type { Logger } from '../log/log';
import { evaluatorPath } from './evaluators';
import type { RunEvaluators } from './run-evaluators';

/** What a child that measures is started with: absolute directories. */
export interface MeasureArguments {
  device: 'cpu';
  directories: EvaluatorDirectories;
}

export interface MeasureRequest {
  benchmark: BenchmarkName;
  settings: RunSettings;
  item: DatasetItem;
  output: Uint8Array;
}

export type MeasureResult = { scores: SampleScore[] } | { unmeasurable: string };

export interface Measurers {
  /** The child that holds exactly these evaluators. @throws StudioError MODEL_INVALID when they changed meanwhile */
  for(evaluators: RunEvaluators): Promise<ModelChild<MeasureRequest, MeasureResult>>;
  stop(): Promise<void>;
}

const entry = path.join(import.meta.dirname, 'measure-child.ts');

/** Children that measure, kept from one batch to the next. Only the last set of evaluators stays in memory. */
export function createMeasurers(log: Logger): Measurers {
  let held: { key: string; child: ModelChild<MeasureRequest, MeasureResult> } | undefined;
  return {
    async for(evaluators) {
      const named = evaluatorKinds.flatMap((kind) => evaluators[kind] ?? []);
      const key = sha256(JSON.stringify(named.map(({ hash }) => hash)));
      if (held?.key !== key) {
        await held?.child.stop();
        const directories = Object.fromEntries(
          named.map(({ kind, directory }) => [kind, evaluatorPath(directory)]),
        );
        const child = startModelChild<MeasureArguments, MeasureRequest, MeasureResult>(
          { device: 'cpu', directories },
          { entry, log },
        );
        held = { key, child };
      }
      const { child } = held;
      await child.settled;
      const { hash, state, error } = child.health();
      if (state !== 'failed' && hash === key) return child;
      // Forgotten: the next batch tries again.
      held = undefined;
      await child.stop();
      throw new StudioError(
        'MODEL_INVALID',
        error ?? 'The evaluators are not those that the run was started with. Start a new run.',
      );
    },
    async stop() {
      await held?.child.stop();
      held = undefined;
    },
  };
}
