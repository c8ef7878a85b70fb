/**
 * Every parameter of a request, in one table. What reads, checks, stores, writes or shows parameters goes by it
 * (parameters.ts has the questions to ask of it), so that a new one is an entry here, its use in the pipeline, its words
 * in both catalogues, and its limits in the manifests of the models that have it. Browser-safe: data alone.
 */

export type Task = 'generate' | 'edit' | 'understand';

/** An entry of a manifest's `parameters`: a range and a default. */
export interface Limit {
  /** What pages call it, and the field of the form that it limits. */
  name: string;
  /** In the manifest. */
  entry: string;
  /** Where each decoder has limits of its own. */
  decoder?: string;
  /** A model without it does not take the parameter. */
  optional?: true;
}

export interface Parameter {
  /** In requests, in stored jobs, and in the JSON of a PNG. These outlive the program: a name never changes. */
  key: string;
  /** A `size` is a side in pixels, a multiple of what the manifest says. */
  type: 'integer' | 'number' | 'size' | 'choice' | 'text';
  tasks: readonly Task[];
  /**
   * What a request without it means: the model's `default`; a value that is `drawn`; the `source`'s own size, of an edit,
   * else the default; or nothing that is stored (`omitted`), as if there were no such parameter: what a parameter must be
   * that came after outputs were stored. One that has the model's default is then left out as well.
   */
  leftOut: 'default' | 'drawn' | 'source' | 'omitted';
  /** Numbers: where the manifest has the limits. */
  limits?: readonly Limit[];
  /** Numbers: no model takes less. */
  min?: 0 | 1;
  /** More is refused by the HTTP API, in files that are brought in, in the web UI's form, and as a setting of a run. */
  max?: { api?: number; file?: number; webUi?: number; run?: number };
  /** Choices: all of them, and in the order in which people are offered them. */
  choices?: readonly string[];
  offered?: readonly string[];
  /** Choices: the field of the manifest with the default. */
  defaultIn?: 'default_decoder';
  /** Texts: what an error calls it. */
  noun?: string;
  /** Counts only with a model that takes guidance. */
  needsGuidance?: true;
  /** Stands before the others where people write requests. */
  leads?: true;
  /** Decides how long a request takes. */
  time?: true;
  /** Its label and its hint on the page: messages of `demo`. */
  label: string;
  hint?: string;
  /** In the line under a result: a message of `results.details`, and what it calls the value. */
  brief?: string;
  /** In the HTTP API. A field `withOthers` is written there by hand, since it holds several parameters. */
  api?: {
    name: string;
    help?: string;
    /** An older name of it. */
    alias?: { name: string; help: string };
    /** One that can be `omitted`, whose key is part of what names a request all the same: it always was. */
    named?: true;
    /** OpenAI's clients know the field. */
    openai?: true;
    withOthers?: true;
  };
  /** On the command line: of the commands that run one request. */
  cli?: { flag: string; help: string };
  /** As a setting of a benchmark's run: its words on the command line. */
  run?: { help: string; default?: number };
  /** What an endpoint calls it: the name of the setting that says so, and what is usual. */
  endpoint?: { setting: string; usual?: string };
  /** In AUTOMATIC1111's form, whose own names (`common`) are read as well; the others are read from the JSON. */
  webUi?: { label: string; common?: true };
  /** As a side of a grid: the values to begin with. */
  grid?: { suggest?: 'thirds' | 'random' | readonly number[] };
}

const pictures = ['generate', 'edit'] as const;
const uint32 = 2 ** 32 - 1;

/** In the order of a PNG's JSON, which files depend on. */
export const parameterTable = [
  {
    key: 'width',
    ...{ type: 'size', tasks: pictures, leftOut: 'source', time: true, label: 'labels.width' },
    limits: [{ name: 'width', entry: 'width' }],
    ...{ min: 1, max: { file: 100_000, run: 16_384 } },
    api: { name: 'size', openai: true, withOthers: true },
    cli: { flag: '--width <pixels>', help: 'image width' },
    run: { help: 'width of generated images' },
  },
  {
    key: 'height',
    ...{ type: 'size', tasks: pictures, leftOut: 'source', time: true, label: 'labels.height' },
    limits: [{ name: 'height', entry: 'height' }],
    ...{ min: 1, max: { file: 100_000, run: 16_384 } },
    api: { name: 'size', openai: true, withOthers: true },
    cli: { flag: '--height <pixels>', help: 'image height' },
    run: { help: 'height of generated images' },
  },
  {
    key: 'steps',
    ...{ type: 'integer', tasks: pictures, leftOut: 'default', time: true },
    ...{ label: 'labels.steps', hint: 'hints.steps', brief: 'steps' },
    limits: [{ name: 'steps', entry: 'steps' }],
    ...{ min: 1, max: { api: 1000, file: 100_000, run: 1000 } },
    api: { name: 'steps', help: 'Denoising steps, within the model’s limits.' },
    cli: { flag: '--steps <n>', help: 'denoising steps' },
    run: { help: 'denoising steps' },
    endpoint: { setting: 'steps', usual: 'num_inference_steps' },
    webUi: { label: 'Steps', common: true },
    grid: { suggest: 'thirds' },
  },
  {
    key: 'guidance',
    ...{ type: 'number', tasks: pictures, leftOut: 'default', time: true },
    ...{ label: 'labels.guidanceGeneration', hint: 'hints.guidance', brief: 'guidance' },
    limits: [
      { name: 'guidanceGeneration', entry: 'guidance_generation', decoder: 'generation' },
      { name: 'guidanceEditing', entry: 'guidance_editing', decoder: 'editing' },
    ],
    ...{ min: 0, max: { api: 1000, file: 1000 } },
    api: { name: 'guidance', help: 'Guidance scale, within the model’s limits.' },
    cli: { flag: '--guidance <s>', help: 'guidance scale' },
    run: { help: 'guidance scale' },
    endpoint: { setting: 'guidance', usual: 'guidance_scale' },
    webUi: { label: 'CFG scale', common: true },
    grid: { suggest: [1, 2, 4] },
  },
  {
    key: 'seed',
    ...{ type: 'integer', tasks: pictures, leftOut: 'drawn', leads: true, label: 'labels.seed' },
    limits: [{ name: 'seed', entry: 'seed' }],
    ...{ min: 0, max: { api: uint32, webUi: uint32, run: uint32 } },
    api: {
      name: 'seed',
      help: 'The same seed gives the same image. Random if omitted; the response includes it.',
    },
    cli: {
      flag: '--seed <n>',
      help: 'the same seed gives the same file (default: random, printed)',
    },
    run: { help: 'seed of the first sample of each item (default: 42)', default: 42 },
    endpoint: { setting: 'seed', usual: 'seed' },
    webUi: { label: 'Seed', common: true },
    grid: { suggest: 'random' },
  },
  {
    key: 'decoder',
    ...{ type: 'choice', tasks: ['edit'], leftOut: 'default', time: true, label: 'decoder' },
    ...{ choices: ['generation', 'editing'], offered: ['editing', 'generation'] },
    defaultIn: 'default_decoder',
    api: {
      name: 'decoder',
      help: '`editing` keeps what the prompt doesn’t mention; `generation` redraws the whole image.',
    },
    cli: {
      flag: '--decoder <decoder>',
      help: 'editing keeps what the instruction does not mention; generation redraws the image',
    },
    run: { help: 'decoder for edits' },
    endpoint: { setting: 'decoder' },
    webUi: { label: 'Decoder' },
    grid: {},
  },
  {
    key: 'maxNewTokens',
    ...{ type: 'integer', tasks: ['understand'], leftOut: 'default', time: true },
    ...{ label: 'labels.maxNewTokens', hint: 'hints.maxNewTokens', brief: 'tokens' },
    limits: [{ name: 'maxNewTokens', entry: 'max_new_tokens' }],
    ...{ min: 1, max: { file: 1_000_000, run: 100_000 } },
    api: {
      ...{
        name: 'max_completion_tokens',
        help: 'Maximum answer length, within the model’s limit.',
        openai: true,
      },
      alias: { name: 'max_tokens', help: 'The older name of max_completion_tokens.' },
    },
    cli: { flag: '--max-new-tokens <n>', help: 'maximum answer length in tokens' },
    run: { help: 'maximum answer length in tokens' },
    endpoint: { setting: 'maxTokens', usual: 'max_tokens' },
  },
  {
    // What the picture should not be; cleaned like a prompt. None is the model's own empty prompt.
    key: 'negativePrompt',
    ...{ type: 'text', tasks: pictures, leftOut: 'omitted', needsGuidance: true, label: 'negativePrompt' },
    ...{ brief: 'negative', noun: 'The negative prompt', max: { file: 10_000 } },
    api: {
      ...{ name: 'negative_prompt', help: 'What the image should not show, for models that support it.' },
      named: true,
    },
    cli: {
      flag: '--negative <prompt>',
      help: 'negative prompt: what the image should not show; applies with guidance above 1',
    },
    webUi: { label: 'Negative prompt', common: true },
    grid: {},
  },
] as const satisfies readonly Parameter[];
