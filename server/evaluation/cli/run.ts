import path from 'node:path';
import { Option, type Command } from 'commander';
import { allBenchmarks, benchmarkOf, findBenchmark } from '../../../eval/benchmarks';
import type { BenchmarkDefinition } from '../../../eval/benchmarks/definition';
import { clearProgress, progressBar } from '../../../eval/cli/progress';
import { InputError, printJson } from '../../../eval/cli/report';
import { asCommand } from '../../../eval/cli/session';
import { endpointIdentity } from '../../../eval/under-test/endpoint/identity';
import { endpointSettingsSchema } from '../../../eval/under-test/endpoint/settings';
import { liveWorkers } from '../../inference/health';
import { storeDataset, type StoredVersion } from '../dataset-store';
import { registerDirectory, registerEndpoint, type Revision } from '../revisions';
import { startRun } from '../service';
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
import { withStudio, type CommandStudio } from './studio';

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
    seed?: number;
    width?: number;
    height?: number;
    steps?: number;
    guidance?: number;
    language?: string;
    decoder?: string;
    maxNewTokens?: number;
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
    .option('--repeats <n>', "epochs: samples per item (default: the protocol's)", whole)
    .option('--seed <n>', 'seed of the first sample of each item (default: 42)', whole)
    .option('--width <pixels>', 'width of generated images', whole)
    .option('--height <pixels>', 'height of generated images', whole)
    .option('--steps <n>', 'denoising steps', whole)
    .option('--guidance <s>', 'guidance scale', number)
    .addOption(
      new Option('--language <language>', 'language of the GenEval prompts (default: en)').choices([
        'en',
        'zh',
      ]),
    )
    .addOption(new Option('--decoder <decoder>', 'decoder for edits').choices(['generation', 'editing']))
    .option('--max-new-tokens <n>', 'maximum answer length in tokens', whole)
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

async function measure(name: string, options: RunOptions): Promise<number> {
  const benchmark = await benchmarkNamed(name);
  if (options.endpoint !== undefined && options.model !== undefined)
    throw new InputError('Specify a model directory or an endpoint, not both.');
  // What is too long is told before anything is read.
  labelsGiven(options);
  return withStudio(async (studio) => {
    const revision = await revisionOf(studio, options);
    const version = await readData(studio, benchmark, options);
    const { seed, width, height, steps, guidance, language, decoder, maxNewTokens, images, prompt, preset } =
      options;
    const drawing = { seed, width, height, steps, guidance, language, decoder };
    const asked = { ...drawing, maxNewTokens, images, prompt, preset };
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
