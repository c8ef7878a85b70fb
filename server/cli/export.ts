import path from 'node:path';
import type { Command } from 'commander';
import { reasonOf } from '../../eval/cli/files';
import { InputError, printJson } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { exportRun, FolderNotEmptyError } from '../evaluation/export';
import { findRun } from '../evaluation/run-store';
import { command } from './options';
import { withStudio } from './with-studio';

/** `studio eval export` */
export const exportCommand = (finish: (code: number) => void): Command =>
  command('export', "a run's figures, samples and outputs, in the layout of the benchmark's own scripts")
    .argument('<run>', 'id of a run, or its beginning')
    .requiredOption('-o, --out <dir>', 'the folder to write; it is made where it is missing')
    .option('--json', 'print one JSON object and nothing else')
    .action((given: string, { out, json }: { out: string; json?: boolean }) =>
      asCommand({ json }, finish, () =>
        withStudio(async (studio) => {
          const folder = path.resolve(out);
          const exported = await exportRun(studio, await findRun(studio.db, given), folder).catch(
            (error: NodeJS.ErrnoException) => {
              if (error instanceof FolderNotEmptyError)
                throw new InputError(`${folder} is not empty: name a new folder.`);
              if (error.syscall) throw new InputError(`Cannot write to ${folder}: ${reasonOf(error)}.`);
              throw error;
            },
          );
          if (json) return printJson(exported);
          const lacking = exported.withoutOutput ? `, ${exported.withoutOutput} samples have no output` : '';
          process.stdout.write(`${folder} (${exported.files} files${lacking})\n`);
        }),
      ),
    );
