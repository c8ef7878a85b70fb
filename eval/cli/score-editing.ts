import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { openClip, openDino } from '../evaluators';
import { editingPreset, type EditingPresetName } from '../benchmarks/editing/presets';
import { editingMetrics } from '../benchmarks/editing/score';
import { scoreEditFile, type EditingReport } from '../benchmarks/editing/file';
import { evaluatorDirectories, presetNames, presetOption, using } from './evaluators';
import { readText } from './files';
import { command } from './options';
import { clearProgress, progressBar } from './progress';
import { exitCodes, printJson } from './report';
import { asCommand } from './session';
import { problemLines, table } from './table';

interface ScoreEditingOptions {
  pairs: string;
  evaluators: EditingPresetName;
  clip?: string;
  dino?: string;
  json?: boolean;
}

/** `studio eval score editing`: CLIP-T, L1, CLIP-O and DINO-O of edited pictures. */
export function scoreEditingCommand(finish: (code: number) => void): Command {
  return command('editing', 'score edited images against their targets and captions')
    .requiredOption(
      '--pairs <file>',
      'JSON Lines of {"source", "edited", "target", "caption"}; paths are relative to the file',
    )
    .addOption(
      presetOption(
        presetNames(['clip', 'dino']),
        'encoders, and how images and captions are read; magicbrush-… reads them as its script does',
      ).default('nano'),
    )
    .option('--clip <dir>', "CLIP directory (default: the preset's)")
    .option('--dino <dir>', "DINO directory (default: the preset's)")
    .option('--json', 'print a single JSON object: means, intervals, fingerprint, every item')
    .action((options: ScoreEditingOptions) =>
      asCommand(options, finish, async () => {
        const report = await score(options);
        if (options.json) printJson(report);
        else process.stdout.write(editingTable(report));
        return report.n > 0 ? exitCodes.done : exitCodes.failed;
      }),
    );
}

async function score(options: ScoreEditingOptions): Promise<EditingReport> {
  const preset = editingPreset(options.evaluators);
  const path = resolve(options.pairs);
  const text = await readText(path);
  const directories = evaluatorDirectories(preset.name, ['clip', 'dino'], options);
  const onItem = progressBar('scoring', options);
  return using(openClip(directories.clip), (clip) =>
    using(openDino(directories.dino), (dino) =>
      scoreEditFile(text, dirname(path), { clip, dino }, preset, onItem),
    ),
  ).finally(clearProgress);
}

function editingTable(report: EditingReport): string {
  const rows = [['Editing', 'mean', 'standard error', '95 % interval']];
  const shown = (value: number | null | undefined) => value?.toFixed(4) ?? '–';
  for (const metric of editingMetrics) {
    const { mean, standardError, interval } = report.statistics[metric];
    const range = interval ? `[${interval.map(shown).join(', ')}]` : '–';
    rows.push([metric, shown(mean), shown(standardError), range]);
  }
  const lines = [`${report.n} of ${report.total} items scored, preset ${report.preset}`];
  if (report.truncated_captions > 0)
    lines.push(`${report.truncated_captions} captions truncated to the context`);
  if (report.incomplete) lines.push('Incomplete, so not comparable with other results.');
  for (const [reason, count] of Object.entries(report.problems)) lines.push(`  ${count} × ${reason}`);
  const problems = report.items.flatMap(({ line, problem }) =>
    problem === undefined ? [] : { where: `line ${line}`, reason: problem },
  );
  return `${table(rows)}\n${lines.join('\n')}\n${problemLines(problems)}`;
}
