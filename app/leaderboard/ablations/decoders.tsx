'use client';

import { useTranslations } from 'next-intl';
import type { Ablations } from '@/server/evaluation/leaderboard/ablations';
import { Bars } from './bars';
import { Figures } from '../_parts/figures';
import { Section } from './section';

type Editing = NonNullable<NonNullable<Ablations['report']>['editing']>;

/** What the source's embeddings are worth to the decoder of an edit. */
export function Decoders({ found }: { found: Editing }) {
  const t = useTranslations('ablations.decoders');
  const all = useTranslations('ablations');
  const languages = (['en', 'zh'] as const).filter((language) => found[language]);
  const decoders = ['generation', 'editing'] as const;
  const told = (value: number) => value.toFixed(4);
  const first = found[languages[0]!]!;
  return (
    <Section
      title={t('title')}
      text={t('text')}
      found={t('found', { editing: told(first.editing.error), generation: told(first.generation.error) })}
      notes={[all('heldOut', { count: first.editing.n })]}
    >
      <Bars
        title={t('chart')}
        groups={[t('error'), t('leftAlone')]}
        series={decoders.map((decoder) => ({
          name: t(decoder),
          values: [first[decoder].error, first[decoder].errorLeftAlone],
        }))}
        decimals={4}
      />
      <Figures
        className="mt-3"
        caption={t('title')}
        head={['', t('error'), t('leftAlone'), t('source')]}
        rows={languages.flatMap((language) =>
          decoders.map((decoder) => {
            const { error, errorLeftAlone, errorOfSource } = found[language]![decoder];
            return [`${t(decoder)}, ${t(language)}`, told(error), told(errorLeftAlone), told(errorOfSource)];
          }),
        )}
      />
    </Section>
  );
}
