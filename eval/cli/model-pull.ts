import { resolve } from 'node:path';
import { Argument, Option, type Command } from 'commander';
import type { HubName } from '../download/hub';
import { downloading, summaryOf, webAddress } from './download';
import { command, positiveWhole, quoted } from './options';
import { printJson } from './report';
import { asCommand } from './session';

interface ModelPullOptions {
  from: { hub: HubName; mirror?: string };
  out: string;
  parallel: number;
  json?: boolean;
}

const notice = `Nexus-Gen V2 is licensed under Apache 2.0. Its decoders derive from FLUX.1 [dev], whose files are downloaded, too:
the FLUX.1 [dev] Non-Commercial License applies, and commercial use of the model is not allowed.
https://huggingface.co/black-forest-labs/FLUX.1-dev/blob/main/LICENSE.md
`;

/** `studio model pull`: fetches the files of a model, or what is missing of them. */
export function modelPullCommand(finish: (code: number) => void): Command {
  return command('pull', 'download the files of a model; run again to resume')
    .addArgument(new Argument('<name>', 'the model').choices(['nexus-gen-v2']))
    .addOption(
      new Option('--from <hub>', 'modelscope, huggingface, or the URL of a mirror of Hugging Face')
        .argParser(hubOf)
        .default({ hub: 'modelscope' }, 'modelscope'),
    )
    .option('-o, --out <dir>', 'output folder', 'var/checkpoints/nexus-gen-v2')
    .option('--parallel <n>', 'number of files downloaded at once', positiveWhole, 4)
    .option('--json', 'print a single JSON object: commits, files, bytes, sha256')
    .action((name: string, options: ModelPullOptions) =>
      asCommand(options, finish, () => pullModel(name, options)),
    );
}

async function pullModel(name: string, { from, out, parallel, json }: ModelPullOptions): Promise<void> {
  const { pullNexusGen } = await import('../download/nexus-gen');
  // Not among the results: with --json they are one object.
  process.stderr.write(notice);
  const token = from.hub === 'huggingface' ? process.env.HF_TOKEN : undefined;
  const pulled = await downloading(name, { json }, (how) =>
    pullNexusGen(resolve(out), { ...from, ...how, parallel, ...(token && { token }) }),
  );
  if (json) printJson({ model: name, ...pulled });
  else
    process.stdout.write(
      `${summaryOf(pulled)}Next: npx studio model add ${name} --weights ${quoted(pulled.folder)} --out models/${name}\n`,
    );
}

function hubOf(text: string): ModelPullOptions['from'] {
  if (text === 'modelscope' || text === 'huggingface') return { hub: text };
  return { hub: 'huggingface', mirror: webAddress(text) };
}
