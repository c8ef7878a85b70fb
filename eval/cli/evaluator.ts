import path from 'node:path';
import { Argument, type Command } from 'commander';
import { families, type FamilyName } from '../../models/export/evaluators/families';
import { OBJECT_NAMES } from '../benchmarks/geneval/names';
import { addedEvaluators } from '../evaluators/folder';
import { loadEvaluator, type EvaluatorManifest } from '../evaluators/manifest';
import { checkedBy, describeParts, directoryCommand, usable, type JsonOption } from './directories';
import { evaluatorLines, listEvaluators } from './evaluator-list';
import { evaluatorPullCommand } from './evaluator-pull';
import { command } from './options';
import { clearProgress, progressBar } from './progress';
import { printJson } from './report';
import { asCommand } from './session';

interface AddOptions extends JsonOption {
  weights: string;
  out?: string;
  tokenizer?: string;
  classes?: string;
}

/** `studio evaluator`: directories of models that measure, made of published weights. */
export function evaluatorCommand(finish: (code: number) => void): Command {
  return command('evaluator', 'make, check and describe evaluators: CLIP, DINO and detectors')
    .addCommand(
      command(
        'list',
        'list the evaluators that are installed, the presets that are ready, and what can be added',
      )
        .option('--json', 'print a single JSON object')
        .action((options: JsonOption) => asCommand(options, finish, () => list(options))),
    )
    .addCommand(evaluatorPullCommand(finish))
    .addCommand(
      command('add', 'make an evaluator’s directory over downloaded weights, which stay where they are')
        .addArgument(new Argument('<name>', 'the evaluator').choices(families.map(({ name }) => name)))
        .requiredOption('--weights <file or dir>', 'the downloaded file, or the folder of the model')
        .option(
          '-o, --out <dir>',
          'directory to make (default: <name> in EVALUATORS_DIR, where presets find it)',
        )
        .option('--tokenizer <dir>', 'folder with CLIP’s tokenizer (default: beside the weights)')
        .option(
          '--classes <file>',
          'names of the detector’s classes, one a line (default: those in the weights)',
        )
        .option('--json', 'print a single JSON object')
        .action((name: FamilyName, options: AddOptions) =>
          asCommand(options, finish, () => add(name, options)),
        ),
    )
    .addCommand(
      directoryCommand(
        'check',
        'check every file of an evaluator, weights elsewhere included',
        'directory of the evaluator',
        finish,
        check,
      ),
    )
    .addCommand(
      directoryCommand(
        'info',
        'show what an evaluator is: its parts, sizes, images, tokens and classes',
        'directory of the evaluator',
        finish,
        info,
      ),
    );
}

async function list({ json }: JsonOption): Promise<void> {
  const found = await listEvaluators();
  if (json) printJson(found);
  else process.stdout.write(evaluatorLines(found));
}

async function add(name: FamilyName, options: AddOptions): Promise<void> {
  const { addEvaluator } = await import('../../models/export/evaluators/add');
  const show = progressBar('summing the weights (MB)', options);
  const made = await usable(() =>
    addEvaluator({
      ...{ name, weights: options.weights, out: options.out ?? path.join(addedEvaluators(), name) },
      ...(options.tokenizer !== undefined && { tokenizer: options.tokenizer }),
      ...(options.classes !== undefined && { classes: options.classes }),
      check: (dir) => loadEvaluator(dir),
      onProgress: (done, total) => show(Math.round(done / 1e6), Math.round(total / 1e6)),
    }),
  );
  clearProgress();
  if (options.json) return printJson(made);
  const { manifest } = await loadEvaluator(made.dir, { verify: 'sizes' });
  process.stdout.write(`${made.dir}\n${described(manifest)}`);
}

async function check(dir: string, options: JsonOption): Promise<void> {
  await checkedBy(dir, (one) => loadEvaluator(one, { verify: 'sizes' }), 'evaluator', options);
}

async function info(dir: string, { json }: JsonOption): Promise<void> {
  const { manifest, hash } = await loadEvaluator(dir, { verify: 'sizes' });
  const { name, version, licence, notice, kind, graphs, files, sources = {}, parts = {}, image } = manifest;
  if (json)
    return printJson({
      ...{ name, version, hash, kind, licence, image },
      ...(manifest.kind === 'clip' && { tokenizer: manifest.tokenizer }),
      ...(manifest.kind === 'detector' && { classes: manifest.classes, thresholds: manifest.thresholds }),
      ...{ parts, graphs: Object.keys(graphs), files, sources },
    });
  process.stdout.write(
    [
      `${name} ${version} (${hash.slice(0, 12)})\n${licence}\n${notice === '' ? '' : `${notice}\n`}`,
      `${described(manifest)}\n`,
      describeParts(manifest),
    ].join(''),
  );
}

/** What an evaluator takes, in lines for people. */
function described(manifest: EvaluatorManifest): string {
  if (manifest.kind === 'detector') {
    const { image, classes, max_detections: limit } = manifest;
    const fit =
      image.fit.type === 'fixed'
        ? `${image.fit.width} × ${image.fit.height}`
        : `within ${image.fit.long} × ${image.fit.short}, ratio kept`;
    const lacking = OBJECT_NAMES.filter((name) => !classes.includes(name)).length;
    return [
      `detector: images ${fit}; up to ${limit} detections\n`,
      `${classes.length} classes: ${classes.join(', ')}\n`,
      lacking === 0 ? '' : `It lacks ${lacking} of GenEval’s ${OBJECT_NAMES.length} classes.\n`,
    ].join('');
  }
  const { image } = manifest;
  const images = `images of ${image.crop} × ${image.crop}, ${image.resample}`;
  if (manifest.kind === 'dino') return `DINO: ${images}\n`;
  return `CLIP: ${images}; texts of up to ${manifest.tokenizer.context_length} tokens\n`;
}
