/**
 * How a picture was made, inside its PNG: as JSON of our own, and in the form of AUTOMATIC1111's web UI, which many
 * tools read. Nothing says who made it, when, or from which source picture: the same settings give the same bytes.
 */
import type { Language } from '../types';
import { withPngTexts } from './png-text';

/** The keyword of the JSON; the other's is `parameters`. */
export const settingsKeyword = 'nexus-gen-studio';

/** The parameters in the file, in this order. */
const written = ['width', 'height', 'steps', 'guidance', 'seed', 'decoder'] as const;

export interface PictureSettings {
  task: 'generate' | 'edit';
  prompt: string;
  negativePrompt?: string;
  language: Language;
  /** Others are not written. */
  parameters: Readonly<Partial<Record<(typeof written)[number], number | string>>>;
  /** Name and version of the model. */
  model: string;
  version: string;
}

/** The same PNG with its settings in text chunks after the header. */
export function withPngSettings(png: Uint8Array, settings: PictureSettings): Buffer {
  const { task, prompt, negativePrompt, language, model, version } = settings;
  const parameters = Object.fromEntries(written.map((name) => [name, settings.parameters[name]]));
  const own = { format: 1, task, prompt, negativePrompt, language, parameters, model, version };
  return withPngTexts(png, [
    { keyword: 'parameters', text: inWebUiForm(settings) },
    { keyword: settingsKeyword, text: JSON.stringify(own), utf8: true },
  ]);
}

/** The three lines of AUTOMATIC1111's web UI: prompt, negative prompt, the rest. */
function inWebUiForm(settings: PictureSettings): string {
  const { task, prompt, negativePrompt, parameters, model, version } = settings;
  const { steps, guidance, seed, width, height, decoder } = parameters;
  const rest: [string, string | number | undefined][] = [
    ['Steps', steps],
    ['Sampler', 'flow_match_euler'],
    ['CFG scale', guidance],
    ['Seed', seed],
    ['Size', `${width}x${height}`],
    ['Model', model],
    ['Model version', version],
    ['Task', task === 'edit' ? 'edit' : undefined],
    ['Decoder', decoder],
    ['Version', settingsKeyword],
  ];
  return [
    prompt,
    ...(negativePrompt === undefined ? [] : [`Negative prompt: ${negativePrompt}`]),
    rest.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${quoted(value)}`])).join(', '),
  ].join('\n');
}

/** As the web UI quotes: what would break the list of values stands as JSON. */
const quoted = (value: string | number) =>
  /[,:\n]/.test(String(value)) ? JSON.stringify(value) : String(value);
