import { figures as known, scaleOf, type MetricInfo } from '../../eval/benchmarks/metric';

/** Which figures benchmarks have on the leaderboard. Light: pages and scripts may use it. */

export type { MetricInfo };

export interface BenchmarkFigures {
  /** The figure by which rows are ranked. */
  main: MetricInfo;
  /** Further figures of a whole run, in order. */
  further: readonly MetricInfo[];
  /** What the samples carry of the main figure: right or wrong, or the figure itself. */
  sample: { metric: string; verdict: boolean };
  /** Figures that are also broken down by the groups of items, the main one first. */
  grouped: readonly string[];
  /** Groups in their usual order; others follow by name. */
  groups: readonly string[];
  /** What stored aggregates are multiplied by to be in the unit of the column. */
  scale: number;
}

/** The figures of a benchmark that have columns: all but right and wrong, which samples have; the main one first. */
function columnsOf(benchmark: keyof typeof known): Pick<BenchmarkFigures, 'main' | 'further' | 'scale'> {
  const [main, ...further] = known[benchmark].filter(({ metric }) => metric !== 'correct');
  return { main: main!, further, scale: scaleOf(main!) };
}

const geneval: BenchmarkFigures = {
  ...columnsOf('geneval'),
  sample: { metric: 'correct', verdict: true },
  grouped: ['accuracy'],
  groups: ['single_object', 'two_object', 'counting', 'colors', 'position', 'color_attr'],
};

const questions: BenchmarkFigures = {
  ...columnsOf('mmmu'),
  sample: { metric: 'correct', verdict: true },
  grouped: ['accuracy'],
  groups: [],
};

const edits: BenchmarkFigures = {
  ...columnsOf('imagepulse'),
  sample: { metric: 'dino_o', verdict: false },
  grouped: ['dino_o', 'clip_o', 'clip_t', 'l1'],
  groups: ['add', 'remove', 'replace', 'recolour', 'move'],
};

const figures: Readonly<Record<string, BenchmarkFigures>> = {
  geneval,
  mmmu: questions,
  'synthetic-mmmu': questions,
  imagepulse: edits,
  'synthetic-edits': edits,
};

/** @returns null for a benchmark that the project does not run */
export const figuresOf = (benchmark: string): BenchmarkFigures | null =>
  Object.hasOwn(figures, benchmark) ? figures[benchmark]! : null;

export interface BenchmarkInfo {
  name: string;
  title: string;
  task: 'understand' | 'generate' | 'edit';
  /** Made by the project's scene generator, not an official data set. */
  synthetic: boolean;
}

/** Those that the project runs, as eval/benchmarks describes them, which draws pictures and stays out of the web server. */
export const runnable: readonly BenchmarkInfo[] = [
  { name: 'geneval', title: 'GenEval', task: 'generate', synthetic: false },
  { name: 'mmmu', title: 'MMMU', task: 'understand', synthetic: false },
  { name: 'imagepulse', title: 'ImagePulse editing', task: 'edit', synthetic: false },
  { name: 'synthetic-edits', title: 'Synthetic edits', task: 'edit', synthetic: true },
  { name: 'synthetic-mmmu', title: 'Synthetic questions', task: 'understand', synthetic: true },
];

/** Benchmarks that only papers report, by the names of server/evaluation/published. */
const titles: Readonly<Record<string, string>> = {
  mme: 'MME',
  'seed-bench': 'SEED-Bench',
  textvqa: 'TextVQA',
  vqav2: 'VQAv2',
  realworldqa: 'RealWorldQA',
};

/** A benchmark of a page: one that the project runs, or one that only papers report. */
export function describeBenchmark(name: string): BenchmarkInfo {
  const own = runnable.find((one) => one.name === name);
  // Those that are only published ask about pictures (Table 1 of the Nexus-Gen paper).
  const title = Object.hasOwn(titles, name) ? titles[name]! : name;
  return own ?? { name, title, task: 'understand', synthetic: false };
}

/** A published figure's column, by the name that runs use for it. */
export const columnOfPublished = (benchmark: string, metric: string): string =>
  benchmark === 'geneval' && metric === 'overall' ? 'accuracy' : metric;

/** The column of one group of items. */
export const columnOfGroup = (figures: BenchmarkFigures, metric: string, group: string): string =>
  figures.grouped.length === 1 ? group : `${metric}.${group}`;
