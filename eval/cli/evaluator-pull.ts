import { resolve } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import { families, type FamilyName } from '../../models/export/evaluators/families';
import { sizeText } from '../../models/runtime/graphs/memory';
import { downloading, webAddress } from './download';
import { command, quoted } from './options';
import { printJson } from './report';
import { asCommand } from './session';

interface PullOptions {
  from?: string;
  out?: string;
  json?: boolean;
}

/** `studio evaluator pull`: fetches the files of a published evaluator, or what is missing of them. */
export function evaluatorPullCommand(finish: (code: number) => void): Command {
  return command('pull', 'download the files of a published evaluator; run again to resume')
    .addArgument(new Argument('<name>', 'the evaluator').choices(families.map(({ name }) => name)))
    .addOption(
      new Option(
        '--from <url>',
        'a mirror of Hugging Face for DINO, for the others a folder with the files (default: where their authors publish them)',
      ).argParser(webAddress),
    )
    .option('-o, --out <dir>', 'output folder (default: var/checkpoints/<name>)')
    .option('--json', 'print a single JSON object')
    .action((name: FamilyName, options: PullOptions) =>
      asCommand(options, finish, () => pullOne(name, options)),
    );
}

async function pullOne(name: FamilyName, { from, out, json }: PullOptions): Promise<void> {
  const { pullEvaluator } = await import('../download/evaluators');
  const folder = resolve(out ?? `var/checkpoints/${name}`);
  const { licence } = families.find((family) => family.name === name)!;
  const pulled = await downloading(name, { json }, (how) =>
    pullEvaluator(name, folder, { ...how, ...(from !== undefined && { mirror: from }) }),
  );
  const { fetched, kept } = pulled;
  if (json) return printJson({ evaluator: name, licence, folder, fetched, kept });
  process.stdout.write(
    `${folder}: ${fetched.files} files downloaded (${sizeText(fetched.bytes)}), ${kept.files} already present (${sizeText(kept.bytes)}). Licence: ${licence}\nNext: npx studio evaluator add ${name} --weights ${quoted(folder)}\n`,
  );
}
