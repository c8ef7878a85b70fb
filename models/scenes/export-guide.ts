/**
 * Writes `guide.json` of a model that was trained on these scenes: its words, and what to know about its parameters.
 * Usage: tsx models/scenes/export-guide.ts [--out models/nexus-gen-nano/guide.json]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { trainingVocabulary } from './vocabulary';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'models/nexus-gen-nano/guide.json' } },
});
const guide = {
  words: trainingVocabulary(),
  hints: {
    // Measured on nano (its card): a guidance scale above 1 lowers the share of right images, unlike with large models.
    guidance: {
      en: 'Leave it at 1: above that, this model’s images get worse.',
      zh: '请保持为 1：大于 1 时，这个模型的图像会变差。',
    },
  },
};
writeFileSync(values.out, `${JSON.stringify(guide, null, 1)}\n`);
console.log(
  `${values.out}: ${guide.words.en.length} English words, ${guide.words.zh.length} Chinese characters`,
);
