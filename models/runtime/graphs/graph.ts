import type { GraphName, GraphSpec } from '../manifest';
import type { Tensor } from './tensor';

export type Feeds = Record<string, Tensor>;

/** One graph of a model directory, wherever it runs. */
export interface Graph {
  readonly name: GraphName;
  readonly spec: GraphSpec;
  /**
   * Floats of either width are cast to what the graph declares.
   * @throws ModelError `graph_failed`
   */
  run(feeds: Feeds): Promise<Feeds>;
  close(): Promise<void>;
}

/** The graphs of a model by name; each is loaded when first asked for, once. */
export interface GraphSet {
  has(name: GraphName): boolean;
  /** @throws ModelError, DeviceError */
  get(name: GraphName): Promise<Graph>;
  close(): Promise<void>;
}

/** @throws Error when the graph did not give the output; signatures are checked at load, so it does. */
export function output(outputs: Feeds, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw new Error(`The graph gave no output ${name}.`);
  return tensor;
}

/**
 * A set over a loader: concurrent calls share one load, and a failed load is forgotten, so that the next call
 * tries again.
 */
export function graphSet(names: readonly GraphName[], load: (name: GraphName) => Promise<Graph>): GraphSet {
  const loads = new Map<GraphName, Promise<Graph>>();
  return {
    has: (name) => names.includes(name),
    get: (name) => {
      const known = loads.get(name);
      if (known) return known;
      const loading = load(name);
      loads.set(name, loading);
      loading.catch(() => loads.delete(name));
      return loading;
    },
    close: async () => {
      const open = await Promise.allSettled(loads.values());
      loads.clear();
      for (const graph of open) if (graph.status === 'fulfilled') await graph.value.close();
    },
  };
}
