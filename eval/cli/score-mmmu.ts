import type { Command } from 'commander';
import type { HarnessComparison } from '../benchmarks/mmmu/harnesses';
import type { MmmuSummary } from '../benchmarks/mmmu/summary';
import type { Problem } from '../benchmarks/problem';
import { roundAsPython } from '../python/number';
import type { Uncertainty } from '../statistics';
import { readText, reasonOf } from './files';
import { command } from './options';
import { exitCodes, InputError, printJson } from './report';
import { asCommand } from './session';
import { intervalText, problemLines, table } from './table';

interface ScoreOptions {
  outputs?: string;
  predictions?: string;
  answers?: string;
  compareHarnesses?: boolean;
  json?: boolean;
}

interface Scored {
  summary: MmmuSummary;
  problems: Problem[];
  comparison?: HarnessComparison;
}

export function scoreMmmuCommand(finish: (code: number) => void): Command {
  return command('mmmu', 'score answers to the 900 MMMU validation questions')
    .option('--outputs <dir>', 'responses in the official layout: <subject>/output.json')
    .option('--predictions <file>', 'parsed predictions: JSON of id and letter or text; needs --answers')
    .option('--answers <file>', 'the official answer_dict_val.json')
    .option('--compare-harnesses', "also score --outputs by lmms-eval's and VLMEvalKit's rules")
    .option('--json', 'print a single JSON object')
    .action((options: ScoreOptions) => asCommand(options, finish, () => score(options)));
}

async function score(options: ScoreOptions): Promise<number> {
  const { outputs, predictions, answers, compareHarnesses = false, json } = options;
  let scored: Scored;
  if (outputs !== undefined && predictions === undefined && answers === undefined)
    scored = await scoreOutputs(outputs, compareHarnesses);
  else if (outputs === undefined && predictions !== undefined && answers !== undefined) {
    if (compareHarnesses) throw new InputError('--compare-harnesses requires responses: specify --outputs.');
    scored = await scoreParsed(predictions, answers);
  } else throw new InputError('Specify --outputs, or --predictions and --answers.');
  const { summary, problems, comparison } = scored;
  if (json) printJson({ benchmark: 'MMMU', split: 'validation', ...summary, problems, ...comparison });
  else process.stdout.write(mmmuTable(summary) + harnessTable(comparison) + problemLines(problems));
  return summary.overall.n > 0 ? exitCodes.done : exitCodes.failed;
}

async function scoreOutputs(directory: string, compare: boolean): Promise<Scored> {
  const [{ readOutputs }, { scoreResponses }, { missingAnswers, summarize }] = await Promise.all([
    import('../benchmarks/mmmu/outputs'),
    import('../benchmarks/mmmu/score'),
    import('../benchmarks/mmmu/summary'),
  ]);
  const read = await readOutputs(directory).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`Cannot read ${directory}: ${reasonOf(error)}.`);
  });
  if (read.responses.length === 0 && read.problems.length === 0)
    throw new InputError(`${directory} has no <subject>/output.json.`);
  const { scored, problems } = scoreResponses(read.responses);
  const summary = summarize(scored);
  return {
    summary,
    problems: [...read.problems, ...problems, ...missingAnswers(summary)],
    comparison: compare
      ? (await import('../benchmarks/mmmu/harnesses')).compareHarnesses(read.responses, scored)
      : undefined,
  };
}

async function scoreParsed(predictionsPath: string, answersPath: string): Promise<Scored> {
  const [{ scorePredictions }, { NotJsonError }, { missingAnswers, summarize }] = await Promise.all([
    import('../benchmarks/mmmu/predictions'),
    import('../benchmarks/mmmu/entries'),
    import('../benchmarks/mmmu/summary'),
  ]);
  const [predictions, answers] = [await readText(predictionsPath), await readText(answersPath)];
  try {
    const { scored, problems, expected } = scorePredictions(predictions, answers);
    const summary = summarize(scored, expected);
    return { summary, problems: [...problems, ...missingAnswers(summary, expected)] };
  } catch (error) {
    if (error instanceof NotJsonError)
      throw new InputError(`Cannot read ${predictionsPath} or ${answersPath}: ${error.message}.`);
    throw error;
  }
}

/** Three decimals, rounded as the official script rounds. */
const threeDecimals = (accuracy: number): string => roundAsPython(accuracy, 3).toFixed(3);

function mmmuTable({ overall, domains, subjects, uncertainty, ...summary }: MmmuSummary): string {
  const errors: Record<string, Uncertainty> = {
    ...uncertainty.subjects,
    ...uncertainty.domains,
    overall: uncertainty.overall,
  };
  const rows = [['MMMU validation', 'correct', 'n', 'accuracy', '95 % interval']];
  for (const [name, { correct, n, accuracy }] of Object.entries({ ...subjects, ...domains, overall }))
    rows.push([name, String(correct), String(n), threeDecimals(accuracy), intervalText(errors[name])]);
  const { fallbacks, guessing, missing, incomplete } = summary;
  const { expected, lowest, highest } = guessing;
  const guessed =
    fallbacks === 0
      ? ''
      : `\nAnswers that named no option and were drawn at random (seed 42): ${fallbacks}; ` +
        `${threeDecimals(expected.accuracy)} is expected, from ${threeDecimals(lowest.accuracy)} ` +
        `to ${threeDecimals(highest.accuracy)} is possible.\n`;
  const lacks = missing > 0 ? `: ${missing} answers are missing` : '';
  return (
    table(rows) +
    guessed +
    (incomplete ? `\nIncomplete, so not comparable with other results${lacks}.\n` : '')
  );
}

function harnessTable(comparison: HarnessComparison | undefined): string {
  if (comparison === undefined) return '';
  const { disagreements, harnesses, versions } = comparison;
  const titles: Record<string, { title: string } | undefined> = versions;
  const rows = [['Rules of', 'correct', 'n', 'accuracy']];
  for (const [name, { correct, n, accuracy }] of Object.entries(harnesses))
    rows.push([titles[name]?.title ?? name, String(correct), String(n), threeDecimals(accuracy)]);
  const pending = Object.values(versions)
    .filter((one) => one.pending !== undefined)
    .map(({ title, pending: change }) => `Pending in ${title}: ${change}\n`);
  const ids = disagreements.map(({ id }) => id).join(' ');
  return `\n${table(rows)}They disagree on ${disagreements.length} questions${ids ? `: ${ids}` : ''}.\n${pending.join('')}`;
}
