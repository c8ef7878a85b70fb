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
  command(
    'record',
    'write a run, without its pictures, into a model directory, which brings it along from then on',
  )
    .argument('<run>', 'id of a run, or its beginning')
    .requiredOption('-o, --out <dir>', "the folder: a model directory's `evaluation`")
    .requiredOption('-n, --name <name>', 'name of the two files')
    .option('--json', 'print one JSON object and nothing else')
    .action((given: string, { out, name, json }: { out: string; name: string; json?: boolean }) =>
      asCommand({ json }, finish, () =>
        withStudio(async ({ db }) => {
          const files = await recordRun(db, await findRun(db, given), path.resolve(out), name);
          if (json) return printJson({ files });
          process.stdout.write(`${files.join('\n')}\n`);
        }),
      ),
    );
