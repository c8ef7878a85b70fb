import path from 'node:path';
import { evaluatorKinds, type EvaluatorDirectories } from '../../eval/evaluators/open';
import { sha256 } from '../../eval/fingerprint';
import { startModelChild, type ModelChild } from '../inference/device';
import { StudioError } from '../platform/errors/errors';
import type { Logger } from '../platform/log/log';
import { evaluatorPath } from './evaluators';
import { measuring, type MeasureRequest, type MeasureResult } from './measuring';
import type { RunEvaluators } from './run-evaluators';

/** What a child that measures is started with: absolute directories. */
export interface MeasureArguments {
  device: 'cpu';
  directories: EvaluatorDirectories;
}

export interface Measurers {
  /**
   * What measures with exactly these evaluators: the child that holds them, or where there are none this process.
   * @throws StudioError MODEL_INVALID when they changed meanwhile
   */
  for(evaluators: RunEvaluators): Promise<Pick<ModelChild<MeasureRequest, MeasureResult>, 'run'>>;
  stop(): Promise<void>;
}

const entry = path.join(import.meta.dirname, 'measure-child.ts');

/** Children that measure, kept from one batch to the next. Only the last set of evaluators stays in memory. */
export function createMeasurers(log: Logger): Measurers {
  const withoutEvaluators = { run: measuring({ close: async () => undefined }) };
  let held: { key: string; child: ModelChild<MeasureRequest, MeasureResult> } | undefined;
  return {
    async for(evaluators) {
      const named = evaluatorKinds.flatMap((kind) => evaluators[kind] ?? []);
      if (named.length === 0) return withoutEvaluators;
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
        error ?? 'The evaluators differ from those the run was started with. Start a new run.',
      );
    },
    async stop() {
      await held?.child.stop();
      held = undefined;
    },
  };
}
