import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { atLeast } from '@/server/accounts/schema';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../../_i18n/words';
import { FirstView } from '../../_trpc/first-view';
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
  const { queryClient, trpc } = pageQueries();
  if (may) await queryClient.prefetchQuery(trpc.reviews.people.queryOptions());
  return (
    <Words of={['reviews', 'reviewQuestions', 'runs']}>
      <Frame
        title={t('newQueue.title')}
        lead={t(may ? 'newQueue.lead' : 'newQueue.viewer')}
        back={{ href: '/reviews', label: t('back') }}
      >
        {may && (
          <FirstView>
            <NewQueue prefill={prefillOf(query)} />
          </FirstView>
        )}
      </Frame>
    </Words>
  );
}
