import { fileURLToPath } from 'node:url';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { devices, type Device, type Language } from '../../models/runtime/types';
import { parseMemory } from '../../models/runtime/graphs/memory';
import {
  ownParametersOf,
  parametersOf,
  pictureParameters,
  type Parameter,
  type ParametersOf,
  type Task,
} from '../../models/runtime/parameters';

/** Options of every command. */
export interface CommonOptions {
  model: string;
  device: Device;
  threads?: number;
  /** In bytes. */
  deviceMemory?: number;
  language?: Language;
  json?: boolean;
}

/** Options of the commands that make a picture, besides its parameters. */
export interface PictureOptions extends CommonOptions {
  polish?: boolean;
  out?: string;
}

export const shippedModel = fileURLToPath(new URL('../../models/nexus-gen-nano', import.meta.url));

export function command(name: string, description: string): Command {
  return new Command(name).description(description).showHelpAfterError(false);
}

export function promptArgument(description: string): Argument {
  return new Argument('<prompt>', description);
}

export function addCommonOptions(to: Command): Command {
  return to
    .addOption(
      new Option('--model <dir>', 'model directory')
        .env('MODEL_DIR')
        .default(shippedModel, 'models/nexus-gen-nano'),
    )
    .addOption(
      new Option('--device <device>', 'device for the model').choices(devices).env('DEVICE').default('cpu'),
    )
    .addOption(
      new Option('--device-memory <size>', 'memory for weights, e.g. 24GB (default: most of the device’s)')
        .env('DEVICE_MEMORY')
        .argParser(memory),
    )
    .option('--threads <n>', 'CPU threads (default: all cores)', positiveWhole)
    .addOption(
      new Option(
        '--language <language>',
        'language of the prompt (default: detected from its script)',
      ).choices(['en', 'zh']),
    )
    .option('--json', 'print a single JSON object: settings, timings, seed, model hash');
}

export function addPictureOptions(to: Command, task: 'generate' | 'edit'): Command {
  return addCommonOptions(
    addParameters(addParameters(to, ownParametersOf(task)), pictureParameters()).option(
      '-o, --out <file>',
      'output PNG file',
    ),
  );
}

/** The options of parameters, as the table has them; the model's manifest decides which values are allowed. */
export function addParameters(to: Command, list: readonly Parameter[]): Command {
  for (const parameter of list)
    if (parameter.cli) to.addOption(parameterOption(parameter, parameter.cli, number));
  return to;
}

/** @param whole reads a whole number */
export function parameterOption(
  { type, choices = [] }: Parameter,
  { flag, help }: { flag: string; help: string },
  whole: (text: string) => number,
): Option {
  const option = new Option(flag, help);
  if (type === 'text') return option;
  if (type === 'choice') return option.choices(choices);
  return option.argParser(type === 'number' ? number : whole);
}

/** The parameters of a task among the options of a command. */
export const parametersGiven = <T extends Task>(options: object, task: T): ParametersOf<T> =>
  valuesGiven(options, parametersOf(task)) as ParametersOf<T>;

/** The values that the options of a command give to parameters. */
export function valuesGiven(options: object, list: readonly Parameter[]): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(options));
  return Object.fromEntries(
    list.flatMap(({ key, cli }) => (cli ? [[key, given.get(new Option(cli.flag).attributeName())]] : [])),
  );
}

/** Any number; the model's manifest decides which are allowed. */
export function number(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** A size such as `24GB`, in bytes; an empty variable of the environment is none. */
export function memory(text: string): number | undefined {
  if (text === '') return undefined;
  const bytes = parseMemory(text);
  if (bytes === null) throw new InvalidArgumentError('It must be a size such as 24GB or 800MB.');
  return bytes;
}

/** A whole number from 1. */
export function positiveWhole(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** A path as a shell needs it. */
export const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
