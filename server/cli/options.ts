import { InvalidArgumentError, Option, type Command } from 'commander';
import { presets } from '../../eval/benchmarks/presets';
import { allBenchmarks } from '../../eval/benchmarks';
import { presetOption, type PresetOptions } from '../../eval/cli/evaluators';
import { command, number, shippedModel } from '../../eval/cli/options';
import { evaluatorKinds, type EvaluatorDirectories, type EvaluatorKind } from '../../eval/evaluators/open';
import { devices, type Device } from '../../models/runtime/types';

/** Options of the commands that measure. */
export type MeasureOptions = { json?: boolean; device: Device } & PresetOptions &
  Partial<Record<EvaluatorKind, string>>;

export function addMeasureOptions(to: Command): Command {
  for (const kind of evaluatorKinds)
    to.option(`--${kind} <dir>`, `${kind} directory, or the name of an installed one`);
  return addDeviceOption(
    to.addOption(
      presetOption(
        Object.keys(presets),
        'evaluators, and of edits how images and captions are read (default: the benchmark’s)',
      ),
    ),
  ).option('--json', 'print a single JSON object');
}

export const addDeviceOption = (to: Command): Command =>
  to.addOption(
    new Option('--device <device>', 'device for the model if no worker is running')
      .choices(devices)
      .env('DEVICE')
      .default('cpu'),
  );

/** Absolute paths of evaluators, or names of shipped ones, as they were given. */
export const evaluatorsGiven = (options: MeasureOptions): EvaluatorDirectories =>
  Object.fromEntries(
    evaluatorKinds.flatMap((kind) => (options[kind] === undefined ? [] : [[kind, options[kind]]])),
  );

export const benchmarkArgument = (): string =>
  allBenchmarks()
    .map(({ name }) => name)
    .join(', ');

export function whole(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}

export function positive(text: string): number {
  const value = whole(text);
  if (value === 0) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

export const list = (text: string): string[] => text.split(',').map((one) => one.trim());

export { command, number, shippedModel };
