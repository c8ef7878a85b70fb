import { expect, test } from 'vitest';
import { fitOf, needOf, type GraphBytes } from './fit';

const bytes: GraphBytes = {
  ...{ vision_encoder: 2, embed_tokens: 1, language_model: 10, vision_head: 1, vae_decoder: 1 },
  ...{ generation_projector: 1, generation_modulation: 5, generation_decoder: 20 },
  ...{ editing_projector: 2, editing_modulation: 6, editing_decoder: 21 },
};

test('requests of each kind need what they run, and one modulation at a time', () => {
  expect(needOf(bytes)).toEqual({
    ...{ total: 70, everything: 65, largest: { name: 'editing_decoder', bytes: 21 } },
    requests: {
      understand: { atOnce: 13, largest: { name: 'language_model', bytes: 10 } },
      generate: { atOnce: 39, largest: { name: 'generation_decoder', bytes: 20 } },
      edit: { atOnce: 44, largest: { name: 'editing_decoder', bytes: 21 } },
    },
  });
});

test.each([
  [65, true, ['at-once', 'at-once', 'at-once']],
  [64, false, ['at-once', 'at-once', 'at-once']],
  [43, false, ['at-once', 'at-once', 'reloading']],
  [21, false, ['at-once', 'reloading', 'reloading']],
  [20, false, ['at-once', 'reloading', 'no']],
  [12, false, ['reloading', 'no', 'no']],
  [9, false, ['no', 'no', 'no']],
  [Infinity, true, ['at-once', 'at-once', 'at-once']],
] as const)('what fits into %d', (room, everything, [understand, generate, edit]) => {
  expect(fitOf(needOf(bytes), room)).toEqual({ everything, requests: { understand, generate, edit } });
});

test('a model without modulation or projectors is measured by what it has', () => {
  const { understand, generate } = needOf({
    embed_tokens: 1,
    language_model: 2,
    generation_decoder: 3,
  }).requests;
  expect([understand.atOnce, generate.atOnce]).toEqual([3, 6]);
});
