import { fileURLToPath } from 'node:url';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Device, Language } from '../../models/runtime';

/** Options of every command. */
export interface CommonOptions {
  model: string;
  device: Device;
  threads?: number;
  language?: Language;
  json?: boolean;
}

/** Options of the commands that make a picture. */
export interface PictureOptions extends CommonOptions {
  seed?: number;
  width?: number;
  height?: number;
  steps?: number;
  guidance?: number;
  negative?: string;
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
      new Option('--device <device>', 'device for the model')
        .choices(['cpu', 'webgpu', 'cuda'])
        .env('DEVICE')
        .default('cpu'),
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

export function addPictureOptions(to: Command): Command {
  return addCommonOptions(
    to
      .option('--seed <n>', 'the same seed gives the same file (default: random, printed)', number)
      .option('--width <pixels>', 'image width', number)
      .option('--height <pixels>', 'image height', number)
      .option('--steps <n>', 'denoising steps', number)
      .option('--guidance <s>', 'guidance scale', number)
      .option(
        '--negative <prompt>',
        'negative prompt: what the image should not show; applies with guidance above 1',
      )
      .option('-o, --out <file>', 'output PNG file'),
  );
}

/** Any number; the model's manifest decides which are allowed. */
export function number(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function positiveWhole(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}
