import type { Command } from 'commander';
import type { GenevalSummary } from '../benchmarks/geneval/summary';
import type { Tag } from '../benchmarks/geneval/types';
import type { Share } from '../statistics';
import { readText } from './files';
import { command } from './options';
import { InputError, printJson } from './report';
import { asCommand } from './session';
import { intervalText, percent, problemLines, table } from './table';

interface ScoreOptions {
  results?: string;
  detections?: string;
  json?: boolean;
}

/** A summary with what else is known about its input. */
interface Scored {
  summary: GenevalSummary;
  problems: readonly { where: string; reason: string }[];
  /** Further fields of the JSON object. */
  more: Record<string, unknown>;
}

/** Each way to give images; exactly one is asked for. */
const sources: { option: keyof Omit<ScoreOptions, 'json'>; score: (path: string) => Promise<Scored> }[] = [
  { option: 'results', score: scoreResults },
  { option: 'detections', score: scoreDetections },
];

export function scoreGenevalCommand(finish: (code: number) => void): Command {
  return command('geneval', 'score images of the 553 GenEval prompts')
    .option('--results <file>', 'an official results.jsonl')
    .option(
      '--detections <file>',
      'JSON lines of {"metadata": …, "detections": {class: [{box, score, color}]}}',
    )
    .option('--json', 'print one JSON object and nothing else')
    .action((options: ScoreOptions) => asCommand(options, finish, () => score(options)));
}

async function score(options: ScoreOptions): Promise<void> {
  const given = sources.filter(({ option }) => options[option] !== undefined);
  const [source] = given;
  if (source === undefined || given.length > 1)
    throw new InputError(`Give one of ${sources.map(({ option }) => `--${option}`).join(', ')}.`);
  const { summary, problems, more } = await source.score(options[source.option]!);
  const result = { ...summary, incomplete: summary.incomplete || problems.length > 0 };
  if (options.json) printJson({ benchmark: 'GenEval', ...result, problems, ...more });
  else process.stdout.write(genevalTable(result) + problemLines(problems));
}

async function scoreResults(path: string): Promise<Scored> {
  const [{ readResults }, { summarize }] = await Promise.all([
    import('../benchmarks/geneval/results'),
    import('../benchmarks/geneval/summary'),
  ]);
  const { results, problems, repeatedFiles } = readResults(await readText(path));
  if (results.length === 0)
    throw new InputError(
      `${path} has no result that can be used: ${problems[0]?.where} ${problems[0]?.reason}.`,
    );
  return { summary: summarize(results), problems, more: { repeatedFiles } };
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
  return { summary: summarize(judged), problems, more: { items, unknownClasses } };
}

function genevalTable({ tags, overall, uncertainty, ...summary }: GenevalSummary): string {
  const { images, prompts, incomplete, missing } = summary;
  const rows = [['GenEval', 'correct', 'images', 'accuracy', '95 % interval']];
  for (const [tag, { correct, n, accuracy }] of Object.entries(tags) as [Tag, Share][])
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
  const lacks = note.length > 0 ? `: it lacks ${note.join(', ')}` : '';
  return table(rows) + (incomplete ? `\nIncomplete, so not comparable with other results${lacks}.\n` : '');
}
