/**
 * How a picture was made, inside its PNG: as JSON of our own, and in the form of AUTOMATIC1111's web UI, which many
 * tools read. Nothing says who made it, when, or from which source picture: the same settings give the same bytes.
 */
import { parametersOf, type Parameter } from '../parameters';
import type { Language } from '../types';
import { withPngTexts } from './png-text';

/** The keyword of the JSON; the other's is `parameters`. */
export const settingsKeyword = 'nexus-gen-studio';

export interface PictureSettings {
  task: 'generate' | 'edit';
  prompt: string;
  language: Language;
  /** Those that the task does not take are not written. */
  parameters: Readonly<Record<string, number | string | undefined>>;
  /** Name and version of the model. */
  model: string;
  version: string;
}

/** Parameters of pictures: an edit takes all of them. */
const written = parametersOf('edit');
const texts = written.filter(({ type }) => type === 'text');
const others = written.filter(({ type }) => type !== 'text');

/** The same PNG with its settings in text chunks after the header. */
export function withPngSettings(png: Uint8Array, settings: PictureSettings): Buffer {
  const { task, prompt, language, model, version } = settings;
  const valuesOf = (list: readonly Parameter[]) =>
    Object.fromEntries(list.map(({ key }) => [key, settings.parameters[key]]));
  // Texts stand beside the prompt.
  const own = {
    format: 1,
    task,
    prompt,
    ...valuesOf(texts),
    language,
    parameters: valuesOf(others),
    model,
    version,
  };
  return withPngTexts(png, [
    { keyword: 'parameters', text: inWebUiForm(settings) },
    { keyword: settingsKeyword, text: JSON.stringify(own), utf8: true },
  ]);
}

/** The three lines of AUTOMATIC1111's web UI: prompt, negative prompt, the rest. */
function inWebUiForm({ task, prompt, parameters, model, version }: PictureSettings): string {
  const labelled = (list: readonly Parameter[], isCommon: boolean) =>
    list.flatMap(({ key, webUi }): [string, string | number | undefined][] =>
      webUi && (webUi.common ?? false) === isCommon ? [[webUi.label, parameters[key]]] : [],
    );
  const [first, ...common] = labelled(others, true);
  const rest: [string, string | number | undefined][] = [
    ...(first ? [first] : []),
    ['Sampler', 'flow_match_euler'],
    ...common,
    ['Size', `${parameters.width}x${parameters.height}`],
    ['Model', model],
    ['Model version', version],
    ['Task', task === 'edit' ? 'edit' : undefined],
    ...labelled(written, false),
    ['Version', settingsKeyword],
  ];
  const values = (pairs: typeof rest) => pairs.filter(([, value]) => value !== undefined);
  return [
    prompt,
    ...values(labelled(texts, true)).map(([name, value]) => `${name}: ${value}`),
    values(rest)
      .map(([name, value]) => `${name}: ${quoted(value)}`)
      .join(', '),
  ].join('\n');
}

/** As the web UI quotes: what would break the list of values stands as JSON. */
const quoted = (value: string | number | undefined) =>
  /[,:\n]/.test(String(value)) ? JSON.stringify(value) : String(value);
