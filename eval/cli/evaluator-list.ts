import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { families } from '../../models/export/evaluators/families';
import { allBenchmarks } from '../benchmarks';
import { addCommand, presetEvaluators } from '../benchmarks/preset-state';
import { isShipped, presets, presetsFor, type Preset } from '../benchmarks/presets';
import { addedEvaluators } from '../evaluators/folder';
import { loadEvaluator } from '../evaluators/manifest';
import { directoryOf, shippedEvaluators } from '../evaluators/open';

interface Installed {
  name: string;
  dir: string;
  /** Null where it cannot be used. */
  evaluator: { name: string; version: string; kind: string; hash: string } | null;
  /** Why it cannot be used. */
  problem: string | null;
}

interface PresetRow {
  name: string;
  benchmarks: string[];
  evaluators: { kind: string; name: string; problem: string | null; why: string }[];
  ready: boolean;
}

/** What `studio evaluator list` tells: what can be added, what is installed and where, and which presets can be used. */
export interface EvaluatorList {
  evaluators: typeof families;
  folder: string;
  installed: Installed[];
  presets: PresetRow[];
}

/** Reads manifests, and compares sizes of files; no weights are read. */
export async function listEvaluators(): Promise<EvaluatorList> {
  const names = [
    ...(await foldersIn(shippedEvaluators)).filter(isShipped),
    ...(await foldersIn(addedEvaluators())),
  ];
  return {
    evaluators: families,
    folder: addedEvaluators(),
    installed: await Promise.all([...new Set(names)].map(installed)),
    presets: Object.values<Preset>(presets).map(presetRow),
  };
}

/** Folders by name; none where there is no such folder. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.endsWith('.part'))
    .map(({ name }) => name)
    .sort();
}

async function installed(name: string): Promise<Installed> {
  const dir = directoryOf(name);
  try {
    const { manifest, hash } = await loadEvaluator(dir, { verify: 'sizes' });
    const { name: called, version, kind } = manifest;
    return { name, dir, evaluator: { name: called, version, kind, hash }, problem: null };
  } catch (error) {
    return { name, dir, evaluator: null, problem: (error as Error).message };
  }
}

function presetRow(preset: Preset): PresetRow {
  const evaluators = presetEvaluators(preset);
  return {
    name: preset.name,
    benchmarks: allBenchmarks()
      .filter((one) => presetsFor(one.evaluators).includes(preset))
      .map(({ name }) => name),
    evaluators,
    ready: evaluators.every(({ problem }) => problem === null),
  };
}

/** The list in lines for people. */
export function evaluatorLines({
  evaluators,
  folder,
  installed: found,
  presets: rows,
}: EvaluatorList): string {
  const shown = found.map(({ name, dir, evaluator, problem }) =>
    evaluator
      ? `  ${name}: ${evaluator.kind} ${evaluator.name} ${evaluator.version}, ${path.relative('', dir) || dir}\n`
      : `  ${name}: unusable: ${problem}\n`,
  );
  const ready = rows.flatMap(({ name, benchmarks, evaluators: all }) => {
    const wrong = all.filter(({ problem }) => problem !== null);
    return [
      `  ${name} (${benchmarks.join(', ')}): ${wrong.length === 0 ? 'ready' : 'not ready'}\n`,
      ...wrong.map(({ name: one, problem, why }) =>
        problem === 'missing' ? `    missing: ${addCommand(one)}\n` : `    ${one}: ${why}\n`,
      ),
    ];
  });
  const can = evaluators.map(
    ({ name, title, from, licence }) =>
      `  ${name}\n    ${title}\n    from ${from}\n    licence: ${licence}\n`,
  );
  return [
    ...['Installed:\n', ...shown, `Others are found in ${folder}.\n`],
    ...['\nPresets:\n', ...ready],
    ...['\nCan be added (npx studio evaluator pull NAME downloads the files):\n', ...can],
  ].join('');
}
