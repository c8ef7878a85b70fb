import path from 'node:path';
import type { Command } from 'commander';
import { printJson } from '../../eval/cli/report';
import { asCommand } from '../../eval/cli/session';
import { recordRun } from '../evaluation/recorded/write';
import { findRun } from '../evaluation/run-store';
import { command } from './options';
import { withStudio } from './with-studio';

/** `studio eval record` */
export const recordCommand = (finish: (code: number) => void): Command =>
  command('record', 'write a run, without its images, into a model directory, which then ships with it')
    .argument('<run>', 'ID of a run, or its first characters')
    .requiredOption('-o, --out <dir>', "output folder: a model directory's `evaluation`")
    .requiredOption('-n, --name <name>', 'name of the two files')
    .option('--json', 'print a single JSON object')
    .action((given: string, { out, name, json }: { out: string; name: string; json?: boolean }) =>
      asCommand({ json }, finish, () =>
        withStudio(async ({ db }) => {
          const files = await recordRun(db, await findRun(db, given), path.resolve(out), name);
          if (json) return printJson({ files });
          process.stdout.write(`${files.join('\n')}\n`);
        }),
      ),
    );
