import type { Task } from '../../models/runtime';
import type { PullableDataset } from '../datasets/pull';
import type { Dataset, DatasetItem, DatasetPicture } from '../datasets/types';
import type { EvaluatorIdentity } from '../evaluators';
import type { EvaluatorKind, OpenEvaluators } from '../evaluators/open';
import type { TestRequest } from '../under-test/types';
import { verdictMetric, type Metric } from './metric';
import type { PresetName } from './presets';
import type { Problem } from './problem';
import type { RunSettings } from './settings';
import type { DecisionView, DetectionView, ExpectedView, SweepPoint } from './views';

/** A score of a sample. */
export interface SampleScore {
  metric: string;
  /** Finite. */
  value: number;
  /** What led to it; goes through JSON unchanged. */
  details?: unknown;
}

/** What came of one sample of a run, as summaries see it. */
export interface RunSample {
  item: Pick<DatasetItem, 'key' | 'group' | 'data'> & { position: number };
  repeat: number;
  /** `failed`: the model gave nothing; `unscored`: what it gave cannot be measured. */
  state: 'generated' | 'scored' | 'failed' | 'unscored';
  text: string | null;
  /** Why it failed or is unscored. */
  error: string | null;
  scores: Readonly<Record<string, { value: number; details?: unknown }>>;
}

/** An aggregate of a run or of one group of its items. */
export interface RunAggregate {
  metric: string;
  /** Empty for the run as a whole. */
  group: string;
  n: number;
  mean: number;
  standardError: number | null;
  /** 95 %. */
  interval: readonly [low: number, high: number] | null;
}

export interface RunSummary {
  aggregates: RunAggregate[];
  /** Whether anything that the protocol asks for is missing: such a run is not ranked. */
  incomplete: boolean;
  problems: Problem[];
  /** What `studio eval score` would print of the same outputs, without its items. */
  result: Record<string, unknown>;
  /** Scores that only the run as a whole can tell (MMMU's random draws), by place in the samples given. */
  scores?: { sample: number; scores: SampleScore[] }[];
}

/** What a model made of an item: the bytes of an image file, or text. */
export type MeasuredOutput = Uint8Array | string;

/** Measures one output of a model. @throws UnmeasurableError; ModelError for an unusable evaluator */
export type Measure = (item: DatasetItem, output: MeasuredOutput) => Promise<SampleScore[]>;

/**
 * Everything that the command line, runs, samples, leaderboard, comparisons, exports, imports and reviews know about a
 * benchmark. This half is data: the web server loads it at start, so it must stay light. Code that works on items and
 * outputs is loaded by its functions when they are called.
 */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  /** Made by the project's scene generator, not an official data set. */
  readonly synthetic: boolean;
  /** The rules of asking and scoring, with their version. A change of rules is a new one. */
  readonly protocol: string;
  /** Samples of each item that the protocol asks for. */
  readonly repeats: number;
  /** The settings of a run that it takes, in the order in which forms show them. */
  readonly settings: readonly (keyof RunSettings)[];
  readonly evaluators: readonly EvaluatorKind[];
  /**
   * The preset of a run that names none (the setting `preset`); left out where there are no evaluators. The others to choose from
   * are those with evaluators of these kinds (`presetsFor`).
   */
  readonly usualPreset?: PresetName;
  /** Whether a run that names the usual preset has another fingerprint than one that names none, as edits always had. */
  readonly tellsUsualPreset?: boolean;
  /** The first is the main metric: runs are listed and ranked by it. */
  readonly metrics: readonly [main: Metric, ...others: Metric[]];
  /** Groups of items in their usual order; others follow by name. */
  readonly groups: readonly string[];
  /**
   * How the main metric is computed from the scored samples: the mean over groups of the share of correct samples, the
   * mean over items, or only by `summarize`. Decides how the score of an unfinished run is estimated.
   */
  readonly mainIs: 'mean of groups' | 'mean of items' | 'of the whole';
  /** Metrics that papers call by another name: by that name. */
  readonly publishedAs?: Readonly<Record<string, string>>;
  /**
   * Large fields of the details of scores, and whether `writeOutputs` needs them. Summaries and detail views are read
   * without them.
   */
  readonly largeDetails?: Readonly<Record<string, { exported: boolean }>>;
  /** Where its data set is downloaded from; left out where the data set ships with the project. */
  readonly pull?: PullableDataset['pull'];
  /**
   * Whether a folder of outputs (`readOutputs`) also contains the data set. Such a data set may lack its images, so new
   * runs do not use it.
   */
  readonly outputsBringData?: boolean;
  /** Null where samples can only be scored together, once all of them have an output. */
  readonly measure: ((evaluators: OpenEvaluators, settings: RunSettings) => Promise<Measure>) | null;
  /** Verdicts at other thresholds, where the stored detections determine them. */
  sweep?(): Promise<ThresholdSweep>;
  load(): Promise<BenchmarkMethods>;
}

/** The code of a benchmark: how items, samples and folders are handled. */
export interface BenchmarkMethods {
  /** @param source the folder of a data set that is no part of the project. @throws Error in words for the person */
  open(source: { data?: string }): Promise<Dataset>;
  /** The group of each item, for data sets that ship with the project; must not render anything. */
  itemGroups?(): string[];
  /** The pictures of the item at a position, drawn again: of sets that the project draws itself. */
  redraw?(position: number): Promise<readonly DatasetPicture[]>;
  /** What the model is asked. `repeat` counts from 0. */
  request(item: DatasetItem, settings: RunSettings, repeat: number): TestRequest;
  /** What of the scoring, beyond protocol and evaluators, its figures depend on: part of the fingerprint. */
  scoring(
    evaluators: readonly (EvaluatorIdentity & { thresholds?: { default: number; counting: number } })[],
    settings: RunSettings,
  ): Record<string, unknown>;
  /** @param expected how many samples the run was to have, and how many items the data set has. */
  summarize(samples: readonly RunSample[], expected: { samples: number; whole: boolean }): RunSummary;
  /** What the page of a sample shows. */
  describe(sample: StoredSample): SampleView;
  /**
   * Reads outputs that were made elsewhere, in the layout of the benchmark's own scripts.
   * @param keys of the data set's items; empty where the outputs bring it
   * @throws the file system's error when the folder cannot be read
   */
  readOutputs(directory: string, keys: ReadonlySet<string>): Promise<ImportedOutputs>;
  /** Writes the outputs of a run in the layout of the benchmark's own scripts. */
  writeOutputs(samples: readonly ExportedSample[], folder: OutputFolder): Promise<void>;
}

/** A benchmark with its methods loaded. */
export type BenchmarkDefinition = Benchmark & BenchmarkMethods;

/** A sample as the database has it. */
export interface StoredSample {
  /** Of its item. */
  data: unknown;
  /** What the model said. */
  text: string | null;
  /** The size of what the model drew. */
  picture: { width: number; height: number } | null;
  /** What led to its scores, by metric. */
  details: Readonly<Record<string, unknown>>;
}

export interface SampleView {
  expected: ExpectedView;
  /** What was found in the picture, best first. */
  detections?: DetectionView[];
  /** Scores strictly above it counted. */
  threshold?: number | null;
  decisions?: DecisionView[];
  /** How far the closest decision was from going the other way; null where nothing was decided. */
  margin?: number | null;
}

/** Verdicts of stored detections by other thresholds, without any model. */
export interface ThresholdSweep {
  /** The name of the detections among the details of the verdict. */
  detail: string;
  thresholds: readonly number[];
  /** Of a run that names none. */
  official: { default: number; counting: number };
  /**
   * Judges a sample again.
   * @param detections the detail of this name
   * @returns null where nobody can know it now
   */
  rejudge(
    detections: unknown,
    data: unknown,
    threshold: number,
  ): Promise<{ correct: boolean; reason: string } | null>;
  points(samples: readonly SweptSample[]): SweepPoint[];
}

/** One sample's verdict by the run, and by each threshold; null where it cannot be known. */
export interface SweptSample {
  group: string;
  correct: boolean;
  after: readonly (boolean | null)[];
}

/** The output of one sample: a file with a picture, or a text. */
export type ImportedOutput = { key: string; repeat: number } & ({ path: string } | { text: string });

export interface ImportedOutputs {
  outputs: ImportedOutput[];
  /** What was passed over, and what is odd. */
  problems: Problem[];
  /** Where outputs bring it (`outputsBringData`). */
  dataset?: Dataset;
}

export type ExportedSample = RunSample & { id: string };

/** Where the outputs of a run are written to, and what there is to write. */
export interface OutputFolder {
  /** The picture of a sample as a PNG file; null where there is none. */
  png(sample: ExportedSample): Promise<Uint8Array | null>;
  /** The pictures of its item; one whose bytes are gone has none. */
  itemPictures(
    sample: ExportedSample,
  ): Promise<readonly { name: string; mediaType: string; bytes: Uint8Array | null }[]>;
  /** @param name relative to the folder */
  write(name: string, content: string | Uint8Array): Promise<void>;
}

/** Whether its samples are right or wrong. */
export const hasVerdict = ({ metrics }: Pick<Benchmark, 'metrics'>): boolean =>
  metrics.some(({ metric }) => metric === verdictMetric);

/** The metric that a sample is known by: its verdict, or else the first that samples have. */
export const sampleMetricOf = (benchmark: Pick<Benchmark, 'metrics'>): string =>
  hasVerdict(benchmark)
    ? verdictMetric
    : (benchmark.metrics.find(({ ofSamples }) => ofSamples)?.metric ?? verdictMetric);

/** The metrics that runs have aggregates of, the main one first. */
export const runMetricsOf = ({ metrics }: Pick<Benchmark, 'metrics'>): readonly Metric[] =>
  metrics.filter(({ metric }) => metric !== verdictMetric);
