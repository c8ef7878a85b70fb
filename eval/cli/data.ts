import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { dataPullCommand } from './data-pull';
import { syntheticEditsCommand, syntheticMmmuCommand } from './data-synthetic';
import { reasonOf } from './files';
import { command } from './options';
import { InputError, printJson } from './report';
import { asCommand } from './session';

interface DataOptions {
  out: string;
  json?: boolean;
}

/** `studio data`: the files of benchmarks that the project can make itself, and official data sets to fetch. */
export function dataCommand(finish: (code: number) => void): Command {
  return command('data', 'write or download the files of a benchmark')
    .addCommand(
      command('geneval', 'write the 553 official GenEval prompts as JSON Lines')
        .requiredOption('-o, --out <file>', 'output file')
        .option('--json', 'print a single JSON object')
        .action((options: DataOptions) => asCommand(options, finish, () => writeGeneval(options))),
    )
    .addCommand(syntheticEditsCommand(finish))
    .addCommand(syntheticMmmuCommand(finish))
    .addCommand(dataPullCommand(finish));
}

async function writeGeneval({ out, json }: DataOptions): Promise<void> {
  const { officialPrompts, promptFile } = await import('../benchmarks/geneval/prompts');
  const prompts = officialPrompts();
  const text = promptFile(prompts);
  await writeFile(out, text).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot write ${out}: ${reasonOf(error)}.`);
  });
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (json) printJson({ out, prompts: prompts.length, sha256 });
  else process.stdout.write(`${out} (${prompts.length} prompts, sha256 ${sha256})\n`);
}
