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
  command(
    'export',
    "export a run's scores, samples and outputs, in the layout of the benchmark's own scripts",
  )
    .argument('<run>', 'ID of a run, or its first characters')
    .requiredOption('-o, --out <dir>', 'folder to write; created if missing')
    .option('--json', 'print a single JSON object')
    .action((given: string, { out, json }: { out: string; json?: boolean }) =>
      asCommand({ json }, finish, () =>
        withStudio(async (studio) => {
          const folder = path.resolve(out);
          const exported = await exportRun(studio, await findRun(studio.db, given), folder).catch(
            (error: NodeJS.ErrnoException) => {
              if (error instanceof FolderNotEmptyError)
                throw new InputError(`${folder} is not empty. Choose a new folder.`);
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
