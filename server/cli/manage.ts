import { Option, type Command } from 'commander';
import { allBenchmarks, metricOf } from '../../eval/benchmarks';
import { figureWithUnit } from '../../eval/benchmarks/metric';
import { printJson } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import type { Device } from '../../models/runtime';
import { table } from '../../eval/cli/table';
import { listRuns, reportRun } from '../evaluation/report';
import { findRun, setMaxRequests } from '../evaluation/run-store';
import { cancelRun, pauseRun, resumeRun } from '../evaluation/control';
import { followRun } from './follow';
import { addDeviceOption, command, positive, shippedModel, whole } from './options';
import { printRun } from './print';
import { withStudio, type CommandStudio } from './with-studio';

type Finish = (code: number) => void;
interface Printing {
  json?: boolean;
}

/** `studio eval list` */
export const listCommand = (finish: Finish): Command =>
  command('list', 'list the newest runs')
    .addOption(
      new Option('--benchmark <name>', 'only runs of this benchmark').choices(
        allBenchmarks().map(({ name }) => name),
      ),
    )
    .option('--limit <n>', 'maximum number of runs', positive, 50)
    .option('--json', 'print a single JSON object')
    .action((options: Printing & { benchmark?: string; limit: number }) =>
      asCommand(options, finish, () =>
        withStudio(async ({ db }) => {
          const runs = await listRuns(db, options);
          if (options.json) return printJson({ runs });
          const rows = [['run', 'state', 'benchmark', 'model', 'name', 'for', 'overall', 'started']];
          for (const one of runs) {
            const { run, state, benchmark, model, aggregates, incomplete, createdAt } = one;
            const overall = aggregates
              .filter(({ group }) => group === '')
              .map(({ metric, mean }) => ({ metric, mean, how: metricOf(benchmark.name, metric) }))
              .filter(({ how }) => !how?.secondary)
              .map(({ metric, mean, how }) => `${metric} ${figureWithUnit(mean, how)}`);
            rows.push([
              run.slice(0, 8),
              state,
              benchmark.name,
              `${model.name} ${model.version}`,
              [one.name, ...one.tags.map((tag) => `#${tag}`)].filter(Boolean).join(' '),
              one.visibility,
              `${overall.join(', ')}${incomplete ? ' (incomplete)' : ''}`,
              createdAt.toISOString().slice(0, 16).replace('T', ' '),
            ]);
          }
          process.stdout.write(runs.length === 0 ? 'No runs yet: studio eval run geneval\n' : table(rows));
        }),
      ),
    );

/** A command that takes a run's id and does something with it. */
const onRun = (
  name: string,
  description: string,
  finish: Finish,
  work: (studio: CommandStudio, id: string, options: Printing) => Promise<void>,
): Command =>
  command(name, description)
    .argument('<run>', 'ID of a run, or its first characters')
    .option('--json', 'print a single JSON object')
    .action((given: string, options: Printing) =>
      asCommand(options, finish, () =>
        withStudio(async (studio) => work(studio, await findRun(studio.db, given), options)),
      ),
    );

const show = async ({ db }: CommandStudio, id: string, { json }: Printing) =>
  printRun(await reportRun(db, id), json);

export const showCommand = (finish: Finish): Command =>
  onRun('show', 'show what a run measured, and how', finish, show);

export const pauseCommand = (finish: Finish): Command =>
  onRun('pause', 'pause a run after the current samples', finish, async (studio, id, options) => {
    await pauseRun(studio, id);
    await show(studio, id, options);
  });

export const cancelCommand = (finish: Finish): Command =>
  onRun('cancel', 'cancel a run; existing samples are kept', finish, async (studio, id, options) => {
    await cancelRun(studio, id);
    await show(studio, id, options);
  });

type Resuming = Printing & { device: Device; detach?: boolean; maxRequests?: number };

/** `studio eval resume`: goes on, and waits for it as `run` does. */
export const resumeCommand = (finish: Finish): Command =>
  addDeviceOption(
    command('resume', 'resume a paused or failed run').argument(
      '<run>',
      'ID of a run, or its first characters',
    ),
  )
    .option('--max-requests <n>', 'new spending limit for a run on an endpoint', whole)
    .option('--json', 'print a single JSON object')
    .option('--detach', 'leave the run to the workers of a running studio and return immediately')
    .action((given: string, options: Resuming) =>
      asCommand(options, finish, () =>
        withStudio(async (studio) => {
          const id = await findRun(studio.db, given);
          if (options.maxRequests !== undefined) await setMaxRequests(studio.db, id, options.maxRequests);
          await resumeRun(studio, id);
          if (options.detach) return show(studio, id, options).then(() => 0);
          const run = await studio.db.prisma.evaluationRun.findUniqueOrThrow({
            where: { id },
            select: { revision: { select: { location: true } } },
          });
          const modelDir = run.revision.location ?? shippedModel;
          const { report, code } = await followRun(studio, id, { ...options, modelDir });
          printRun(report, options.json);
          return code;
        }),
      ),
    );
