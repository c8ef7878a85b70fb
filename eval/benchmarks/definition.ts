import { ImageError, ModelError, type Task } from '../../models/runtime';
import type { Dataset, DatasetItem, DatasetPicture } from '../datasets/types';
import type { EvaluatorIdentity } from '../evaluators';
import type { EvaluatorDirectories, EvaluatorKind, OpenEvaluators } from '../evaluators/open';
import type { TestRequest } from '../under-test/types';
import type { Problem } from './problem';
import type { RunSettings } from './settings';

export const benchmarkNames = ['geneval', 'mmmu', 'imagepulse', 'synthetic-edits', 'synthetic-mmmu'] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

/** A figure of a sample. */
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

/** A figure of a run or of one group of its items. */
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

/** The output cannot be measured, which says nothing about the others. */
export class UnmeasurableError extends Error {}

/**
 * What went wrong with one output, as an UnmeasurableError; anything else, such as an evaluator that cannot be used at
 * all, would fail for every output alike and is returned as it is.
 */
export function asUnmeasurable(error: unknown): unknown {
  const graph = error instanceof ModelError && error.code === 'graph_failed';
  const own = error instanceof ImageError || graph || error instanceof RangeError;
  return own ? new UnmeasurableError(error.message) : error;
}

/** Measures one picture that a model made of an item. @throws UnmeasurableError; ModelError for an unusable evaluator */
export type Measure = (item: DatasetItem, output: Uint8Array) => Promise<SampleScore[]>;

/** A benchmark as runs use it: what is asked, how it is measured, and what the run amounts to. */
export interface BenchmarkDefinition {
  readonly name: BenchmarkName;
  readonly title: string;
  readonly task: Task;
  /** Made by the project's scene generator, not an official data set. */
  readonly synthetic: boolean;
  /** The rules of asking and scoring, with their version. A change of rules is a new one. */
  readonly protocol: string;
  /** Samples of each item that the protocol asks for. */
  readonly repeats: number;
  readonly evaluators: readonly EvaluatorKind[];
  /** The evaluators of a run that names none: folders of models/evaluators. */
  readonly defaultEvaluators: EvaluatorDirectories;
  /** @param source the folder of a data set that is no part of the project. @throws Error in words for the person */
  open(source: { data?: string }): Promise<Dataset>;
  /** The pictures of the item at a position, drawn again: of sets that the project draws itself. */
  redraw?(position: number): Promise<readonly DatasetPicture[]>;
  /** What the model is asked. `repeat` counts from 0. */
  request(item: DatasetItem, settings: RunSettings, repeat: number): TestRequest;
  /** Null where only the run as a whole can be scored. */
  measure: ((evaluators: OpenEvaluators, settings: RunSettings) => Measure) | null;
  /** What of the scoring, beyond protocol and evaluators, its figures depend on: part of the fingerprint. */
  scoring(
    evaluators: readonly (EvaluatorIdentity & { thresholds?: { default: number; counting: number } })[],
    settings: RunSettings,
  ): Record<string, unknown>;
  /** @param expected how many samples the run was to have, and how many items the data set has. */
  summarize(samples: readonly RunSample[], expected: { samples: number; whole: boolean }): RunSummary;
}
