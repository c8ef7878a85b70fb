import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { atLeast } from '@/server/accounts/schema';
import { readPeople } from '@/server/api/web/reviews-view';
import { Words } from '../../_i18n/words';
import { Frame } from '../_parts/frame';
import { pathWith, requireTeam, type Query } from '../require-team';
import { NewQueue } from './new-queue';
import { prefillOf } from './prefill';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reviews.newQueue');
  return { title: t('title') };
}

export default async function NewQueuePage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams;
  const me = await requireTeam(pathWith('/reviews/new', query));
  const t = await getTranslations('reviews');
  const may = atLeast(me.role, 'reviewer');
  return (
    <Words of={['reviews']}>
      <Frame
        title={t('newQueue.title')}
        lead={t(may ? 'newQueue.lead' : 'newQueue.viewer')}
        back={{ href: '/reviews', label: t('back') }}
      >
        {may && <NewQueue prefill={prefillOf(query)} people={(await readPeople()) ?? []} />}
      </Frame>
    </Words>
  );
}
