import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readQueues } from '@/server/api/web/reviews-view';
import { Words } from '../_i18n/words';
import { Queues } from './queues';
import { pathWith, requireTeam, type Query } from './require-team';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reviews');
  return { title: t('title') };
}

export default async function ReviewsPage({ searchParams }: { searchParams: Promise<Query> }) {
  await requireTeam(pathWith('/reviews', await searchParams));
  return (
    <Words of={['reviews']}>
      <Queues first={await readQueues()} />
    </Words>
  );
}
