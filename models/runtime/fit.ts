/** What of a model fits into a memory. */
import { bytesOn } from './directory';
import type { GraphName, Manifest } from './manifest';
import { graphsFor, isModulation, needs } from './needs';

/** Bytes of weights by graph. */
export type GraphBytes = Partial<Record<GraphName, number>>;

/** The kinds of requests that are told apart. */
export type Kind = keyof typeof needs;

/**
 * `at-once`: all that such a request runs stays in memory. `reloading`: each request loads again what had to make room.
 * `no`: one of its graphs alone is larger.
 */
export type Fit = 'at-once' | 'reloading' | 'no';

export interface Need {
  /** Of all graphs. */
  total: number;
  /** So much memory that nothing is ever let go of to make room. */
  everything: number;
  largest: { name: GraphName; bytes: number };
  requests: Record<Kind, { atOnce: number; largest: { name: GraphName; bytes: number } }>;
}

/** What the weights of a directory take as they are, on the CPU. */
export function weightBytes({ graphs, files }: Pick<Manifest, 'graphs' | 'files'>): GraphBytes {
  return Object.fromEntries(
    Object.entries(graphs).flatMap(([name, spec]) => (spec ? [[name, bytesOn('cpu', spec, files)]] : [])),
  );
}

/** How much memory weights need. @param bytes of every graph that the model has */
export function needOf(bytes: GraphBytes): Need {
  const names = Object.keys(bytes) as GraphName[];
  const sized = (list: readonly GraphName[]) => list.map((name) => ({ name, bytes: bytes[name] ?? 0 }));
  const largestOf = (list: readonly GraphName[]) =>
    sized(list).reduce((most, one) => (one.bytes > most.bytes ? one : most));
  const sum = (list: readonly GraphName[]) => sized(list).reduce((all, one) => all + one.bytes, 0);
  /** Modulation is let go of after its use: one at a time. */
  const atOnce = (list: readonly GraphName[]) =>
    sum(list.filter((name) => !isModulation(name))) +
    Math.max(0, ...sized(list.filter(isModulation)).map((one) => one.bytes));
  const requests = Object.entries(needs).map(([kind, need]) => {
    const list = graphsFor(need, (name) => name in bytes);
    return [kind, { atOnce: atOnce(list), largest: largestOf(list) }];
  });
  return {
    ...{ total: sum(names), everything: atOnce(names), largest: largestOf(names) },
    requests: Object.fromEntries(requests) as Need['requests'],
  };
}

/** What fits into so many bytes: everything at the same time, or how requests of each kind run. */
export function fitOf(need: Need, room: number): { everything: boolean; requests: Record<Kind, Fit> } {
  const fits = Object.entries(need.requests).map(([kind, { atOnce, largest }]): [string, Fit] => {
    if (largest.bytes > room) return [kind, 'no'];
    return [kind, atOnce <= room ? 'at-once' : 'reloading'];
  });
  return { everything: need.everything <= room, requests: Object.fromEntries(fits) as Record<Kind, Fit> };
}
