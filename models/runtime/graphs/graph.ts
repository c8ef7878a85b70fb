import type { GraphName, GraphSpec } from '../manifest';
import type { Tensor } from './tensor';

export type Feeds = Record<string, Tensor>;

/** One graph of a directory, wherever it runs. */
export interface Graph<Name extends string = GraphName> {
  readonly name: Name;
  readonly spec: GraphSpec;
  /**
   * Floats of either width are cast to what the graph declares.
   * @throws ModelError `graph_failed`
   */
  run(feeds: Feeds): Promise<Feeds>;
  close(): Promise<void>;
}

/** The graphs of a directory by name; each is loaded when first asked for, once. */
export interface GraphSet<Name extends string = GraphName> {
  has(name: Name): boolean;
  /** @throws ModelError, DeviceError */
  get(name: Name): Promise<Graph<Name>>;
  /** Loads a graph for some work and lets go of it when nobody works with it any more. */
  borrow<T>(name: Name, work: (graph: Graph<Name>) => Promise<T>): Promise<T>;
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
export function graphSet<Name extends string>(
  names: readonly Name[],
  load: (name: Name) => Promise<Graph<Name>>,
): GraphSet<Name> {
  const loads = new Map<Name, Promise<Graph<Name>>>();
  const borrowers = new Map<Name, number>();
  const get = (name: Name) => {
    const known = loads.get(name);
    if (known) return known;
    const loading = load(name);
    loads.set(name, loading);
    loading.catch(() => loads.delete(name));
    return loading;
  };
  return {
    has: (name) => names.includes(name),
    get,
    borrow: async (name, work) => {
      borrowers.set(name, (borrowers.get(name) ?? 0) + 1);
      const loading = get(name);
      try {
        return await work(await loading);
      } finally {
        const others = borrowers.get(name)! - 1;
        borrowers.set(name, others);
        if (others === 0 && loads.get(name) === loading) {
          loads.delete(name);
          await (await loading).close();
        }
      }
    },
    close: async () => {
      const open = await Promise.allSettled(loads.values());
      loads.clear();
      for (const graph of open) if (graph.status === 'fulfilled') await graph.value.close();
    },
  };
}
