import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { readQueue, readTasks } from '@/server/api/web/reviews-view';
import { Words } from '../../_i18n/words';
import { pathWith, requireTeam, type Query } from '../require-team';
import { QueueView } from './queue-view';

export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Query>;
}

/** Read once for title and page. */
const queueOf = cache(readQueue);

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const { id } = await params;
  await requireTeam(pathWith(`/reviews/${id}`, await searchParams));
  const queue = await queueOf(id);
  if (queue === 'missing') notFound();
  const t = await getTranslations('reviews');
  return { title: queue?.name ?? t('title') };
}

export default async function QueuePage({ params, searchParams }: Props) {
  const { id } = await params;
  await requireTeam(pathWith(`/reviews/${id}`, await searchParams));
  const [queue, items] = await Promise.all([queueOf(id), readTasks(id)]);
  if (queue === 'missing') notFound();
  return (
    <Words of={['reviews', 'reviewResults']}>
      <QueueView id={id} first={queue} firstItems={items} />
    </Words>
  );
}
