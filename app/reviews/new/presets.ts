import type { useTranslations } from 'next-intl';
import { emptyRubric, type RubricForm } from './form';
import { steps } from './scale-editor';

export const presets = ['followed', 'quality', 'both', 'answer'] as const;
export type Preset = (typeof presets)[number];

type Words = ReturnType<typeof useTranslations<'reviews.newQueue'>>;

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
  const rubric = { ...emptyRubric, comment: 'optional' } as const;
  switch (preset) {
    case 'followed':
      return { ...rubric, askVerdict: true, question: followed, tags };
    case 'quality':
      return { ...rubric, scales: [likeness, quality] };
    case 'both':
      return { ...rubric, askVerdict: true, question: followed, scales: [quality], tags };
    case 'answer':
      return { ...rubric, askVerdict: true, question: t('presetWords.answer') };
  }
}
