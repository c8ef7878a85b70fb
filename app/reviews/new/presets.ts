import type { useTranslations } from 'next-intl';
import type { RubricForm } from './form';

export const presets = ['followed', 'quality', 'both', 'answer'] as const;
export type Preset = (typeof presets)[number];

type Words = ReturnType<typeof useTranslations<'reviews.newQueue'>>;

export const steps = ['1', '2', '3', '4', '5'] as const;
const flaws = ['missing', 'count', 'colour', 'place', 'artefact'] as const;

/** Rubrics that most queues can begin with, in the page's language. */
export function presetRubric(preset: Preset, t: Words): RubricForm {
  const quality = {
    name: t('presetWords.quality'),
    anchors: steps.map((step) => t(`presetWords.qualityAnchors.${step}`)),
  };
  const likeness = {
    name: t('presetWords.likeness'),
    anchors: steps.map((step) => t(`presetWords.likenessAnchors.${step}`)),
  };
  const tags = flaws.map((flaw) => t(`presetWords.tags.${flaw}`));
  const followed = t('presetWords.followed');
  switch (preset) {
    case 'followed':
      return { askVerdict: true, question: followed, scales: [], tags, comment: 'optional' };
    case 'quality':
      return { askVerdict: false, question: '', scales: [likeness, quality], tags: [], comment: 'optional' };
    case 'both':
      return { askVerdict: true, question: followed, scales: [quality], tags, comment: 'optional' };
    case 'answer':
      return {
        askVerdict: true,
        question: t('presetWords.answer'),
        scales: [],
        tags: [],
        comment: 'optional',
      };
  }
}
