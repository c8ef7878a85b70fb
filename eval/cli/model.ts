import { Argument, Option, type Command } from 'commander';
import type { Precision, Progress } from '../../models/export/nexus-gen/add';
import {
  checkedBy,
  describeParts,
  directoryCommand,
  listCommand,
  usable,
  type JsonOption,
} from './directories';
import { modelPullCommand } from './model-pull';
import { command } from './options';
import { clearProgress, progressBar } from './progress';
import { printJson } from './report';
import { asCommand } from './session';

interface AddOptions extends JsonOption {
  weights: string;
  flux?: string;
  out: string;
  precision: Precision;
}

/** Models whose downloaded files can be made into a model directory. */
const families = [
  {
    name: 'nexus-gen-v2',
    title: 'Nexus-Gen V2',
    from: 'modelscope: DiffSynth-Studio/Nexus-GenV2, and three files of FLUX.1-dev',
    licence: 'Apache-2.0; FLUX.1 [dev] Non-Commercial License',
  },
] as const;

/** `studio model`: model directories, and what they are made of. */
export function modelCommand(finish: (code: number) => void): Command {
  return command('model', 'make, check and describe model directories')
    .addCommand(listCommand('models', families, finish))
    .addCommand(modelPullCommand(finish))
    .addCommand(
      command('add', 'make a model directory over downloaded files, which stay where they are')
        .addArgument(new Argument('<name>', 'the model').choices(families.map(({ name }) => name)))
        .requiredOption('--weights <dir>', 'folder with the model’s files')
        .option('--flux <dir>', 'folder of FLUX.1-dev (default: FLUX.1-dev in or beside --weights)')
        .requiredOption('-o, --out <dir>', 'model directory to make')
        .addOption(
          new Option(
            '--precision <precision>',
            'what large weights are stored as; int8 and int4 are written into --out',
          )
            .choices(['as-is', 'int8', 'int4'])
            .default('as-is'),
        )
        .option('--json', 'print a single JSON object')
        .action((_name: string, options: AddOptions) => asCommand(options, finish, () => add(options))),
    )
    .addCommand(
      directoryCommand(
        'check',
        'check every file of a model directory, weights elsewhere included',
        'model directory',
        finish,
        check,
      ),
    )
    .addCommand(
      directoryCommand(
        'info',
        'show the parts of a model directory, their parameters and sizes',
        'model directory',
        finish,
        info,
      ),
    );
}

const stages: Record<Progress['stage'], string> = {
  reading: 'reading the checkpoint',
  constants: 'running the text encoders once',
  quantising: 'quantising (MB)',
  graphs: 'writing graphs',
  sums: 'summing the weights (MB)',
};

async function add(options: AddOptions): Promise<void> {
  const { addNexusGen } = await import('../../models/export/nexus-gen/add');
  const bars = new Map<string, (done: number, total: number) => void>();
  const made = await usable(() =>
    addNexusGen({
      ...{ weights: options.weights, out: options.out, precision: options.precision },
      ...(options.flux !== undefined && { flux: options.flux }),
      onProgress: ({ stage, done, total }) => {
        const show = bars.get(stage) ?? progressBar(stages[stage], options);
        bars.set(stage, show);
        const unit = stage === 'sums' || stage === 'quantising' ? 1e6 : 1;
        show(Math.round(done / unit), Math.round(total / unit));
      },
    }),
  );
  clearProgress();
  if (options.json) printJson(made);
  else
    process.stdout.write(
      `${made.dir}\nServe it with MODEL_DIR=${made.dir} npm start. FLUX.1 [dev] may not be used commercially; see its licence.\n`,
    );
}

async function check(dir: string, options: JsonOption): Promise<void> {
  const { loadManifest } = await import('../../models/runtime/manifest');
  await checkedBy(dir, (one) => loadManifest(one, { verify: 'sizes' }), 'model', options);
}

async function info(dir: string, { json }: JsonOption): Promise<void> {
  const { loadManifest } = await import('../../models/runtime/manifest');
  const { manifest, hash } = await loadManifest(dir, { verify: 'sizes' });
  const { name, version, licence, notice, graphs, files, sources = {}, parts = {} } = manifest;
  if (json)
    return printJson({ name, version, hash, licence, parts, graphs: Object.keys(graphs), files, sources });
  process.stdout.write(
    `${name} ${version} (${hash.slice(0, 12)})\n${licence}\n${notice}\n\n${describeParts(manifest)}`,
  );
}
