import type { GraphName, GraphSpec } from '../manifest';
import type { Tensor } from './tensor';

export type Feeds = Record<string, Tensor>;

/** One graph of a directory, wherever it runs and whether or not it is in memory. */
export interface Graph<Name extends string = GraphName> {
  readonly name: Name;
  readonly spec: GraphSpec;
  /**
   * Floats of either width are cast to what the graph declares.
   * @throws ModelError `graph_failed`
   */
  run(feeds: Feeds): Promise<Feeds>;
}

/** What of a set is in the memory of the device. */
export interface Loaded<Name extends string = GraphName> {
  graphs: { name: Name; bytes: number }[];
  /** On its way, and since when, in milliseconds of the epoch. */
  loading: { name: Name; bytes: number; since: number }[];
  /** Larger alone than all that may be used. */
  tooLarge: { name: Name; bytes: number }[];
  /** Bytes that may be used; null without a limit. */
  limit: number | null;
}

/**
 * The graphs of a directory by name; each is loaded when first asked for, once. Where memory is limited, those that have
 * not been used for the longest time make room, and are loaded again when they run.
 */
export interface GraphSet<Name extends string = GraphName> {
  has(name: Name): boolean;
  /** @throws ModelError, DeviceError */
  get(name: Name): Promise<Graph<Name>>;
  /**
   * Loads a graph for some work and lets go of it when nobody works with it any more. The work must not ask for other
   * graphs: where memory is limited they might wait for one another.
   */
  borrow<T>(name: Name, work: (graph: Graph<Name>) => Promise<T>): Promise<T>;
  /** Loads those of the graphs, in this order, for which there is room without another making it. */
  preload(names: readonly Name[]): Promise<void>;
  /** @throws ModelError `does_not_fit` where one of them could never be loaded */
  admit(names: readonly Name[]): void;
  loaded(): Loaded<Name>;
  close(): Promise<void>;
}

/** @throws Error when the graph did not give the output; signatures are checked at load, so it does. */
export function output(outputs: Feeds, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw new Error(`The graph gave no output ${name}.`);
  return tensor;
}
