import { Option, type Command } from 'commander';
import { reasonOf } from '../../eval/cli/files';
import { clearProgress, progressBar } from '../../eval/cli/progress';
import { InputError } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { problemLines } from '../../eval/cli/table';
import type { BenchmarkDefinition, ImportedOutputs } from '../../eval/benchmarks/definition';
import { storeDataset, type StoredVersion } from '../evaluation/dataset-store';
import { importRun } from '../evaluation/import';
import { followRun } from './follow';
import { addLabelOptions, labelsGiven, type LabelOptions } from './labels';
import {
  addMeasureOptions,
  benchmarkArgument,
  command,
  evaluatorsGiven,
  shippedModel,
  type MeasureOptions,
} from './options';
import { printRun } from './print';
import { benchmarkNamed, readData } from './run';
import { withStudio, type CommandStudio } from './with-studio';

type ImportOptions = MeasureOptions &
  LabelOptions & {
    images?: string;
    outputs?: string;
    data?: string;
    name: string;
  };

/** `studio eval import`: scores outputs that were made elsewhere, as a run. */
export const importCommand = (finish: (code: number) => void): Command =>
  addMeasureOptions(
    addLabelOptions(
      command('import', 'score outputs made elsewhere; stores the run in the database')
        .argument('<benchmark>', benchmarkArgument())
        .addOption(
          new Option(
            '--images <dir>',
            'images: GenEval in the official layout; edits as one file per item, named after its key',
          ).conflicts('outputs'),
        )
        .option('--outputs <dir>', 'answers: <subject>/output.json, as written by the official MMMU scripts')
        .option('--data <path>', 'dataset folder, if it does not ship with the project')
        .requiredOption('--name <name>', 'name of the model that made them'),
      '--run-name',
    ),
  ).action((name: string, options: ImportOptions) =>
    asCommand(options, finish, () =>
      benchmarkNamed(name).then((benchmark) => importOutputs(benchmark, options)),
    ),
  );

async function importOutputs(benchmark: BenchmarkDefinition, options: ImportOptions): Promise<number> {
  return withStudio(async (studio) => {
    const { version, outputs, problems } = await read(studio, benchmark, options);
    if (outputs.length === 0)
      throw new InputError(
        `Nothing to import: ${problems[0] ? `${problems[0].where} ${problems[0].reason}` : 'the folder is empty'}.`,
      );
    const show = progressBar('reading', options);
    const id = await importRun(studio, {
      benchmark,
      version,
      settings: { preset: options.evaluators },
      evaluators: evaluatorsGiven(options),
      name: options.name,
      outputs,
      labels: labelsGiven({ ...options, name: options.runName }),
      visibility: options.visibility,
      onOutput: (done, total) => {
        studio.signal.throwIfAborted();
        show(done, total);
      },
    }).finally(clearProgress);
    const { report, code } = await followRun(studio, id, { ...options, modelDir: shippedModel });
    printRun(options.json ? Object.assign(report, { importProblems: problems }) : report, options.json);
    if (!options.json) process.stdout.write(problemLines(problems));
    return code;
  });
}

async function read(
  studio: CommandStudio,
  benchmark: BenchmarkDefinition,
  options: ImportOptions,
): Promise<ImportedOutputs & { version: StoredVersion }> {
  const answers = benchmark.task === 'understand';
  const given = answers ? options.outputs : options.images;
  if (given === undefined)
    throw new InputError(
      `Specify ${answers ? '--outputs' : '--images'}, the folder that ${benchmark.title} should score.`,
    );
  const refused = (error: NodeJS.ErrnoException): never => {
    throw new InputError(`Cannot read ${given}: ${reasonOf(error)}.`);
  };
  if (benchmark.outputsBringData && options.data === undefined) {
    const found = await benchmark.readOutputs(given, new Set()).catch(refused);
    return { ...found, version: await storeDataset(studio, benchmark, found.dataset!) };
  }
  const version = await readData(studio, benchmark, options);
  const items = await studio.db.prisma.item.findMany({
    where: { versionId: version.id },
    select: { key: true },
  });
  const keys = new Set(items.map(({ key }) => key));
  return { ...(await benchmark.readOutputs(given, keys).catch(refused)), version };
}
