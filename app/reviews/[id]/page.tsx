import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../../_i18n/words';
import { FirstView } from '../../_trpc/first-view';
import { nextPage } from '../../_trpc/next-page';
import { pathWith, requireTeam, type Query } from '../require-team';
import { QueueView } from './queue-view';

export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

/** Null where the page has to ask by itself. */
async function readQueue(id: string) {
  const { queryClient, trpc, read } = pageQueries();
  const queue = await read(queryClient.fetchQuery(trpc.reviews.queue.queryOptions({ id })));
  if (queue === 'missing') notFound();
  return queue;
}

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { id } = await params;
  await requireTeam(pathWith(`/reviews/${id}`, await searchParams));
  const queue = await readQueue(id);
  const t = await getTranslations('reviews');
  return { title: queue?.name ?? t('title') };
}

export default async function QueuePage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireTeam(pathWith(`/reviews/${id}`, await searchParams));
  const { queryClient, trpc } = pageQueries();
  const tasks = trpc.reviews.tasks.infiniteQueryOptions({ queueId: id }, nextPage);
  await Promise.all([readQueue(id), queryClient.prefetchInfiniteQuery(tasks)]);
  return (
    <Words of={['reviews', 'reviewResults', 'reviewQuestions']}>
      <FirstView>
        <QueueView id={id} />
      </FirstView>
    </Words>
  );
}
