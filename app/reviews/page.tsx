import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../_i18n/words';
import { FirstView } from '../_trpc/first-view';
import { Queues } from './queues';
import { pathWith, requireTeam, type Query } from './require-team';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reviews');
  return { title: t('title') };
}

export default async function ReviewsPage({ searchParams }: { searchParams: Promise<Query> }) {
  await requireTeam(pathWith('/reviews', await searchParams));
  const { queryClient, trpc } = pageQueries();
  await queryClient.prefetchQuery(trpc.reviews.queues.queryOptions());
  return (
    <Words of={['reviews']}>
      <FirstView>
        <Queues />
      </FirstView>
    </Words>
  );
}
