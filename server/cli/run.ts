import path from 'node:path';
import { Option, type Command } from 'commander';
import { allBenchmarks, benchmarkOf, findBenchmark } from '../../eval/benchmarks';
import type { BenchmarkDefinition } from '../../eval/benchmarks/definition';
import { clearProgress, progressBar } from '../../eval/cli/progress';
import { InputError, printJson } from '../../eval/cli/report';
import { parameterOption, valuesGiven } from '../../eval/cli/options';
import { asCommand } from '../../eval/cli/session';
import {
  otherParameters,
  parameters,
  pictureParameters,
  type Parameter,
} from '../../models/runtime/parameters';
import { endpointIdentity } from '../../eval/under-test/endpoint/identity';
import { endpointSettingsSchema } from '../../eval/under-test/endpoint/settings';
import { liveWorkers } from '../inference/health';
import { storeDataset, type StoredVersion } from '../evaluation/dataset-store';
import { chosenEvaluators } from '../evaluation/evaluators';
import { registerDirectory, registerEndpoint, type Revision } from '../evaluation/revisions';
import { startRun } from '../evaluation/service';
import { followRun } from './follow';
import { addLabelOptions, labelsGiven, type LabelOptions } from './labels';
import {
  addMeasureOptions,
  benchmarkArgument,
  command,
  evaluatorsGiven,
  list,
  number,
  shippedModel,
  whole,
  type MeasureOptions,
} from './options';
import { printRun } from './print';
import { withStudio, type CommandStudio } from './with-studio';

type RunOptions = MeasureOptions &
  Omit<LabelOptions, 'runName'> & {
    name?: string;
    model?: string;
    endpoint?: string;
    endpointModel?: string;
    apiKeyEnv?: string;
    requestsPerMinute?: number;
    concurrency?: number;
    maxRequests?: number;
    timeout?: number;
    data?: string;
    limit?: number;
    groups?: string[];
    repeats?: number;
    language?: string;
    images?: string;
    prompt?: string;
    cache: boolean;
    detach?: boolean;
  };

/** `studio eval run`: measures a model on a benchmark. */
export function runCommand(finish: (code: number) => void): Command {
  const pulled = allBenchmarks()
    .flatMap(({ name, pull }) => (pull ? name : []))
    .join(', ');
  const to = command('run', 'run a benchmark on a model; stores the run in the database')
    .argument('<benchmark>', benchmarkArgument())
    .option('--model <dir>', 'model directory (default: models/nexus-gen-nano)')
    .option('--endpoint <url>', 'an OpenAI-compatible server instead, e.g. https://host/v1')
    .option('--endpoint-model <name>', 'model name on the endpoint')
    .option('--api-key-env <name>', 'environment variable that holds the key; the key itself is never stored')
    .option('--requests-per-minute <n>', 'rate limit for requests to the endpoint', whole)
    .option('--concurrency <n>', 'concurrent requests to the endpoint', whole)
    .option(
      '--max-requests <n>',
      'spending limit: pause the run after this many requests to the endpoint',
      whole,
    )
    .option('--timeout <seconds>', 'time limit for one request to the endpoint', number)
    .option('--data <path>', `folder or file of a dataset that does not ship with the project (${pulled})`)
    .option('--limit <n>', 'maximum number of items, sampled evenly from the whole', whole)
    .option('--groups <names>', 'only these tags, subjects or kinds, comma-separated', list)
    .option('--repeats <n>', "epochs: samples per item (default: the protocol's)", whole);
  addSettings(to, pictureParameters());
  to.addOption(
    new Option('--language <language>', 'language of the GenEval prompts (default: en)').choices([
      'en',
      'zh',
    ]),
  );
  addSettings(to, otherParameters())
    .addOption(
      new Option('--images <which>', 'images to use from questions with several (default: all)').choices([
        'all',
        'first',
      ]),
    )
    .addOption(
      new Option(
        '--prompt <template>',
        'prompt of questions: official, or only the question for models that answer in words',
      ).choices(['official', 'question']),
    )
    .option('--no-cache', 'generate every output, even if an earlier run has it')
    .option('--detach', 'leave the run to the workers of a running studio and return immediately');
  return addMeasureOptions(addLabelOptions(to, '--name')).action((name: string, options: RunOptions) =>
    asCommand(options, finish, () => measure(name, options)),
  );
}

/** Options of the parameters that a run can set. */
function addSettings(to: Command, list: readonly Parameter[]): Command {
  for (const parameter of list) {
    const { cli, run } = parameter;
    if (cli && run) to.addOption(parameterOption(parameter, { ...cli, ...run }, whole));
  }
  return to;
}

async function measure(name: string, options: RunOptions): Promise<number> {
  const benchmark = await benchmarkNamed(name);
  if (options.endpoint !== undefined && options.model !== undefined)
    throw new InputError('Specify a model directory or an endpoint, not both.');
  // What is too long is told before anything is read.
  labelsGiven(options);
  return withStudio(async (studio) => {
    const revision = await revisionOf(studio, options);
    // What is missing is told before a dataset is read, which may take minutes.
    chosenEvaluators(benchmark, options.evaluators, evaluatorsGiven(options));
    const version = await readData(studio, benchmark, options);
    const { language, images, prompt, evaluators: preset } = options;
    const asked = {
      ...valuesGiven(
        options,
        parameters.filter(({ run }) => run),
      ),
      language,
      images,
      prompt,
      preset,
    };
    const id = await startRun(studio, {
      benchmark,
      version,
      revision,
      settings: asked,
      repeats: options.repeats,
      subset: { groups: options.groups, limit: options.limit },
      evaluators: evaluatorsGiven(options),
      cache: options.cache,
      labels: labelsGiven(options),
      visibility: options.visibility,
    });
    if (options.detach) {
      if (options.json) printJson({ run: id });
      else process.stdout.write(`run ${id}\n`);
      if ((await liveWorkers(studio.db)).length === 0)
        process.stderr.write(
          'studio: no worker online; the run starts with `npm start` or `studio eval resume`\n',
        );
      return 0;
    }
    const modelDir = revision.kind === 'directory' ? revision.location! : shippedModel;
    const { report, code } = await followRun(studio, id, { ...options, modelDir });
    printRun(report, options.json);
    return code;
  });
}

/** @throws InputError */
export async function benchmarkNamed(name: string): Promise<BenchmarkDefinition> {
  if (!findBenchmark(name))
    throw new InputError(`Unknown benchmark ${name}. Choose one of ${benchmarkArgument()}.`);
  return benchmarkOf(name);
}

/** Reads a data set into the database, with a bar. @throws InputError */
export async function readData(
  studio: CommandStudio,
  benchmark: BenchmarkDefinition,
  options: { data?: string; json?: boolean },
): Promise<StoredVersion> {
  const show = progressBar('reading the dataset', options);
  const data = options.data === undefined ? undefined : path.resolve(options.data);
  const dataset = await benchmark.open({ data }).catch((error: unknown) => {
    throw new InputError((error as Error).message, { cause: error });
  });
  try {
    return await storeDataset(studio, benchmark, dataset, (done, total) => {
      studio.signal.throwIfAborted();
      if (total !== null) show(done, total);
    });
  } finally {
    clearProgress();
  }
}

async function revisionOf({ db }: CommandStudio, options: RunOptions): Promise<Revision> {
  if (options.endpoint === undefined)
    return registerDirectory(db, options.model ?? process.env.MODEL_DIR ?? shippedModel);
  if (options.endpointModel === undefined)
    throw new InputError("Specify the endpoint's model with --endpoint-model.");
  const { timeout, apiKeyEnv, requestsPerMinute, concurrency, maxRequests } = options;
  const parsed = endpointSettingsSchema.safeParse({
    baseUrl: options.endpoint,
    model: options.endpointModel,
    apiKeyEnv,
    requestsPerMinute,
    concurrency,
    maxRequests,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
  });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InputError(`--endpoint: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  return registerEndpoint(db, options.endpointModel, {
    hash: endpointIdentity(parsed.data).hash,
    settings: parsed.data,
  });
}
