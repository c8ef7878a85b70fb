/** Which graphs a request runs: for loading them ahead, and for refusing at once what cannot end. */
import type { GraphName } from './manifest';
import type { Decoder } from './types';

/** What of a request decides which graphs it runs. Guidance does not: a negative pass runs those of the positive one. */
export type Need =
  | { task: 'generate' }
  | { task: 'edit'; decoder: Decoder }
  | { task: 'understand'; image: boolean }
  /** An image made again from its own embeddings. */
  | { task: 'reconstruct' };

/** The kinds of requests that people send, which differ in their graphs. */
export const needs = {
  understand: { task: 'understand', image: true },
  generate: { task: 'generate' },
  edit: { task: 'edit', decoder: 'editing' },
} as const satisfies Record<string, Need>;

function picture(decoder: Decoder): GraphName[] {
  const side = decoder === 'editing' ? 'editing' : 'generation';
  return [`${side}_projector`, `${side}_modulation`, `${side}_decoder`, 'vae_decoder'];
}

/** The graphs of a request in the order in which they run first, among those that a model has. */
export function graphsFor(need: Need, has: (name: GraphName) => boolean): GraphName[] {
  const text: GraphName[] = ['embed_tokens', 'language_model'];
  const all: Record<Need['task'], () => GraphName[]> = {
    understand: () => ('image' in need && need.image ? ['vision_encoder', ...text] : text),
    generate: () => [...text, 'vision_head', ...picture('generation')],
    edit: () => [
      ...(['vision_encoder', ...text, 'vision_head'] as const),
      ...picture('decoder' in need ? need.decoder : 'editing'),
    ],
    reconstruct: () => ['vision_encoder', ...picture('generation')],
  };
  return all[need.task]().filter(has);
}

/** Runs once for an image and is let go of: nothing to load ahead. */
export const isModulation = (name: GraphName): boolean => name.endsWith('_modulation');

/** What is worth loading before the first request: what every request needs comes first, what only edits need last. */
export function preloadOrder(has: (name: GraphName) => boolean): GraphName[] {
  const order = [needs.generate, needs.edit].flatMap((need) => graphsFor(need, has));
  return [...new Set(order)].filter((name) => !isModulation(name));
}
