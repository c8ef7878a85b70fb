'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { Ablations } from '@/server/evaluation/leaderboard/ablations';
import { Bars } from './bars';
import { Figures } from '../_parts/figures';
import { Section, useSetup } from './section';

/** 25, 81 or 324 embeddings for one picture. */
export function Tokens({ found }: { found: NonNullable<Ablations['tokens']> }) {
  const t = useTranslations('ablations.tokens');
  const format = useFormatter();
  const setup = useSetup();
  const { variants } = found;
  const told = (value: number) => value.toFixed(4);
  const [some, many] = [81, 324].map((n) => variants.find(({ tokens }) => tokens === n));
  return (
    <Section
      title={t('title')}
      text={t('text')}
      found={
        some && many
          ? t('found', {
              reconstruction81: told(some.reconstruction),
              reconstruction324: told(many.reconstruction),
              generation81: told(some.generation),
              generation324: told(many.generation),
            })
          : null
      }
      notes={setup(found.setup)}
    >
      <Bars
        title={t('chart')}
        groups={variants.map(({ tokens }) => String(tokens))}
        series={(['reconstruction', 'generation'] as const).map((key) => ({
          name: t(key),
          values: variants.map((one) => one[key]),
        }))}
        decimals={4}
      />
      <Figures
        className="mt-3"
        caption={t('title')}
        head={[
          t('tokens'),
          t('numbers'),
          t('reconstruction'),
          t('generation'),
          t('recognised'),
          t('seconds'),
        ]}
        rows={variants.map((one) => [
          String(one.tokens),
          format.number(one.numbers),
          told(one.reconstruction),
          told(one.generation),
          format.number(one.recognised, { style: 'percent', maximumFractionDigits: 1 }),
          format.number(one.trainingSeconds, { maximumFractionDigits: 0 }),
        ])}
      />
    </Section>
  );
}
