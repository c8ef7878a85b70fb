import type { Benchmark } from '../../eval/benchmarks/definition';
import { presetsFor } from '../../eval/benchmarks/presets';
import { runSettingsSchema, type RunSettings } from '../../eval/benchmarks/settings';
import { manifestSchema } from '../../models/runtime';
import { limitOf, parametersOf } from '../../models/runtime/parameters';
import { StudioError } from '../platform/errors/errors';
import type { Revision } from './revisions';

/**
 * Checks settings.
 * @returns those that the benchmark has, as given, and the defaults of the protocol: part of the fingerprint
 * @throws StudioError BAD_REQUEST for one that it has not
 */
export function settingsFor(benchmark: Benchmark, given: unknown): RunSettings {
  const { settings, title, evaluators, usualPreset, tellsUsualPreset } = benchmark;
  const parsed = runSettingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StudioError(
      'BAD_REQUEST',
      `${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const strange = Object.entries(given as object).find(
    ([name, value]) => value !== undefined && !settings.includes(name as keyof RunSettings),
  );
  if (strange) throw new StudioError('BAD_REQUEST', `${title} doesn’t support the setting ${strange[0]}.`);
  const { preset } = parsed.data;
  const presets = presetsFor(evaluators).map(({ name }) => name);
  if (preset !== undefined && !presets.includes(preset)) {
    const names = presets.map((name) => JSON.stringify(name));
    throw new StudioError('BAD_REQUEST', `preset: Invalid option: expected one of ${names.join('|')}.`);
  }
  if (preset === usualPreset && !tellsUsualPreset) delete parsed.data.preset;
  return pick(parsed.data, settings);
}

const pick = (settings: RunSettings, names: readonly (keyof RunSettings)[]) =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => names.includes(name as keyof RunSettings)),
  ) as RunSettings;

/** Fills in what the model's manifest decides, so that the run says all of it. */
export function decided(settings: RunSettings, benchmark: Benchmark, revision: Revision): RunSettings {
  if (revision.kind !== 'directory') return settings;
  const manifest = manifestSchema.parse(revision.manifest);
  const { task } = benchmark;
  const ranges: Record<string, unknown> = manifest.parameters;
  const decoder = task === 'edit' ? (settings.decoder ?? manifest.default_decoder) : undefined;
  const filled: Record<string, unknown> = { ...settings };
  for (const parameter of parametersOf(task)) {
    const { key, run, leftOut, defaultIn } = parameter;
    const isDecided = leftOut === 'default' || (leftOut === 'source' && task === 'generate');
    if (!run || !isDecided) continue;
    const limit = limitOf(parameter, decoder);
    filled[key] ??= defaultIn
      ? manifest[defaultIn]
      : limit && (ranges[limit.entry] as { default: number }).default;
  }
  return filled as RunSettings;
}

/** @throws StudioError BAD_REQUEST */
export function checkRepeats({ task, title }: Benchmark, repeats: number): void {
  if (!Number.isInteger(repeats) || repeats < 1 || repeats > 64)
    throw new StudioError(
      'BAD_REQUEST',
      `Samples per item must be a whole number from 1 to 64, not ${repeats}.`,
    );
  if (repeats > 1 && task === 'understand')
    throw new StudioError(
      'BAD_REQUEST',
      `${title}: answers are deterministic, so a second sample would repeat the first.`,
    );
}
