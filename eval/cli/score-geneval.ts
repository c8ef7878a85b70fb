import type { Command } from 'commander';
import type { GenevalSummary } from '../benchmarks/geneval/summary';
import type { Problem } from '../benchmarks/problem';
import type { Share } from '../statistics';
import { presetNames, presetOption, type PresetOptions } from './evaluators';
import { readText } from './files';
import { scoreImages } from './score-geneval-images';
import { command } from './options';
import { exitCodes, InputError, printJson } from './report';
import { asCommand } from './session';
import { intervalText, percent, problemLines, table } from './table';

export interface GenevalOptions extends PresetOptions {
  images?: string;
  results?: string;
  detections?: string;
  detector?: string;
  clip?: string;
  saveDetections?: string;
  json?: boolean;
}

/** A summary with what else is known about its input. */
export interface Scored {
  summary: GenevalSummary;
  problems: readonly Problem[];
  /** Whether it cannot be compared, whatever the summary says. */
  incomplete: boolean;
  /** Further fields of the JSON object. */
  more: Record<string, unknown>;
  /** What the table ends with. */
  note?: string;
}

/** Each way to give images; exactly one is asked for. */
const sources = { images: scoreImages, results: scoreResults, detections: scoreDetections };
type Source = keyof typeof sources;
const names = Object.keys(sources) as Source[];

/** Options that mean something to images alone. */
const imagesOnly = ['evaluators', 'detector', 'clip', 'saveDetections'] as const;

export function scoreGenevalCommand(finish: (code: number) => void): Command {
  return command('geneval', 'score images of the 553 GenEval prompts')
    .option('--images <dir>', 'images in the official layout: 00000/metadata.jsonl, 00000/samples/0000.png')
    .option('--results <file>', 'an official results.jsonl')
    .option(
      '--detections <file>',
      'JSON Lines of {"metadata": …, "detections": {class: [{box, score, color}]}}',
    )
    .addOption(
      presetOption(
        presetNames(['detector', 'clip']),
        'evaluators for --images: nano’s, or those of the official script (default: nano)',
      ),
    )
    .option('--detector <dir>', "detector for the objects in --images (default: the preset's)")
    .option('--clip <dir>', "CLIP for their colours (default: the preset's)")
    .option('--save-detections <file>', 'save the detections from --images, for use with --detections')
    .option('--json', 'print a single JSON object')
    .action((options: GenevalOptions) => asCommand(options, finish, () => score(options)));
}

async function score(options: GenevalOptions): Promise<number> {
  const given = names.filter((name) => options[name] !== undefined);
  const [source] = given;
  if (source === undefined || given.length > 1)
    throw new InputError(`Specify one of ${names.map((name) => `--${name}`).join(', ')}.`);
  if (source !== 'images' && imagesOnly.some((name) => options[name] !== undefined))
    throw new InputError('--evaluators, --detector, --clip and --save-detections need --images.');
  const { summary, problems, incomplete, more, note = '' } = await sources[source](options[source]!, options);
  const result = { ...summary, incomplete: summary.incomplete || incomplete };
  if (options.json) printJson({ benchmark: 'GenEval', ...result, problems, ...more });
  else process.stdout.write(genevalTable(result) + note + problemLines(problems));
  return result.images === null ? exitCodes.failed : exitCodes.done;
}

async function scoreResults(path: string): Promise<Scored> {
  const [{ readResults }, { summarize }] = await Promise.all([
    import('../benchmarks/geneval/results'),
    import('../benchmarks/geneval/summary'),
  ]);
  const { results, problems, repeatedFiles } = readResults(await readText(path));
  if (results.length === 0)
    throw new InputError(`${path} has no usable results: ${problems[0]?.where} ${problems[0]?.reason}.`);
  const summary = summarize(results);
  const incomplete = problems.length > 0 || hasMore(summary);
  return { summary, problems, incomplete, more: { repeatedFiles } };
}

async function scoreDetections(path: string): Promise<Scored> {
  const [{ judgeLines }, { summarize }] = await Promise.all([
    import('../benchmarks/geneval/detections'),
    import('../benchmarks/geneval/summary'),
  ]);
  const { items, metadata, problems, unknownClasses } = await judgeLines(await readText(path));
  const judged = items.flatMap(({ correct }, i) => {
    const prompt = metadata[i];
    return correct === null || !prompt ? [] : [{ tag: prompt.tag, metadata: prompt, correct }];
  });
  const summary = summarize(judged);
  const incomplete = problems.length > 0 || hasMore(summary);
  return { summary, problems, incomplete, more: { items, unknownClasses } };
}

/** Whether there is more than the protocol has: such a result is another one than its. */
const hasMore = ({ extra }: GenevalSummary): boolean =>
  extra.tags.length + extra.prompts + extra.spellings + extra.images > 0;

function genevalTable({ tags, overall, uncertainty, ...summary }: GenevalSummary): string {
  const { images, prompts, incomplete, missing, extra } = summary;
  const rows = [['GenEval', 'correct', 'images', 'accuracy', '95 % interval']];
  for (const [tag, { correct, n, accuracy }] of Object.entries(tags) as [string, Share][])
    rows.push([tag, String(correct), String(n), percent(accuracy), intervalText(uncertainty.tags[tag])]);
  if (overall !== null)
    rows.push(['overall (mean of tasks)', '', '', overall.toFixed(5), intervalText(uncertainty.overall)]);
  if (images) rows.push(['images', String(images.correct), String(images.n), percent(images.accuracy), '']);
  if (prompts)
    rows.push([
      'prompts (any image)',
      String(prompts.correct),
      String(prompts.n),
      percent(prompts.accuracy),
      '',
    ]);
  const note = [
    missing.tags.length > 0 ? `the tasks ${missing.tags.join(', ')}` : '',
    missing.prompts > 0 ? `${missing.prompts} of 553 prompts` : '',
    missing.images > 0 ? `${missing.images} of 2212 images` : '',
  ].filter((part) => part !== '');
  const more = [
    extra.tags.length > 0 ? `the tasks ${extra.tags.join(', ')}, which are not part of GenEval` : '',
    extra.prompts > 0 ? `${extra.prompts} ${extra.prompts === 1 ? 'prompt' : 'prompts'} not in GenEval` : '',
    extra.spellings > 0 ? `${extra.spellings} extra prompts from other spellings of their metadata` : '',
    extra.images > 0 ? `${extra.images} images beyond four per prompt` : '',
  ].filter((part) => part !== '');
  const why = [
    note.length > 0 ? `it lacks ${note.join(', ')}` : '',
    more.length > 0 ? `it has ${more.join(', ')}` : '',
  ].filter((part) => part !== '');
  const said = why.length > 0 ? `: ${why.join('; ')}` : '';
  return table(rows) + (incomplete ? `\nIncomplete, so not comparable with other results${said}.\n` : '');
}
