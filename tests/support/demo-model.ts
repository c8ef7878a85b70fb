import type { ModelInfo } from '../../server/demo/schema';

const limit = (min: number, max: number, preset: number, multiple?: number) => ({
  ...{ min, max, multiple },
  default: preset,
});

/** A model as the demo describes it to its pages. */
export const demoModel: ModelInfo = {
  ...{ name: 'nano', version: '1', hash: '0'.repeat(64), device: 'cpu', ready: true, memory: null },
  ...{ notice: 'Draws apples.', noticeZh: '只画苹果。', languages: ['en', 'zh'] },
  parameters: {
    width: limit(128, 512, 256, 16),
    height: limit(128, 512, 256, 16),
    steps: limit(1, 50, 12),
    guidanceGeneration: limit(1, 8, 1),
    guidanceEditing: limit(1, 8, 1),
    seed: limit(0, 4_294_967_295, 0),
    maxNewTokens: limit(1, 256, 64),
    promptLength: limit(1, 1000, 1000),
  },
  ...{ defaultDecoder: 'editing', negativePrompt: true, polishing: 'template', worldError: 0.05 },
  ...{ words: null, hints: {} },
};
