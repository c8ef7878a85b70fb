import { expect, test } from 'vitest';
import type { GraphName } from './manifest';
import { graphsFor, needs, preloadOrder } from './needs';

const all = () => true;

test('the graphs of a request, in the order of their use', () => {
  expect(graphsFor(needs.generate, all)).toEqual([
    ...['embed_tokens', 'language_model', 'vision_head'],
    ...['generation_projector', 'generation_modulation', 'generation_decoder', 'vae_decoder'],
  ]);
  expect(graphsFor({ task: 'edit', decoder: 'generation' }, all)).not.toContain('editing_decoder');
  expect(graphsFor({ task: 'understand', image: false }, all)).toEqual(['embed_tokens', 'language_model']);
});

test('graphs that a model lacks are not needed', () => {
  const nano = (name: GraphName) => !/modulation|projector/.test(name);
  expect(graphsFor(needs.edit, nano)).toEqual([
    ...['vision_encoder', 'embed_tokens', 'language_model', 'vision_head', 'editing_decoder', 'vae_decoder'],
  ]);
});

test('what every request needs is loaded first, what only edits need last, and modulation when it is used', () => {
  expect(preloadOrder(all)).toEqual([
    ...['embed_tokens', 'language_model', 'vision_head', 'generation_projector', 'generation_decoder'],
    ...['vae_decoder', 'vision_encoder', 'editing_projector', 'editing_decoder'],
  ]);
});
