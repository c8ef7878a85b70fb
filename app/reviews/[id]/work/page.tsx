import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readMe } from '@/server/api/web/current-user';
import { pageQueries } from '@/server/api/web/page-queries';
import { buttonStyle } from '../../../_ui/button';
import { PageLink } from '../../../_ui/page-link';
import { PageFrame } from '../../../_ui/page-frame';
import { Words } from '../../../_i18n/words';
import { ReviewWork } from '../../work/work';

export const dynamic = 'force-dynamic';

interface PageProps {
  params: Promise<{ id: string }>;
}

/**
 * The queue as whoever asked may see it; the public goes to sign in first.
 * @throws Error where it cannot be read just now
 */
async function readQueue(id: string) {
  const me = await readMe();
  if (!me) redirect(`/sign-in?next=${encodeURIComponent(`/reviews/${id}/work`)}`);
  const { queryClient, trpc, read } = pageQueries();
  const queue = await read(queryClient.fetchQuery(trpc.reviews.queue.queryOptions({ id })));
  if (queue === 'missing') notFound();
  if (!queue) throw new Error('The queue could not be read.');
  return { me, queue };
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { queue } = await readQueue((await params).id);
  const t = await getTranslations('reviewWork');
  return { title: t('titleOf', { name: queue.name }) };
}

export default async function ReviewWorkPage({ params }: PageProps) {
  const { me, queue } = await readQueue((await params).id);
  const { id, name, kind, instructions, rubric } = queue;
  return (
    <Words of={['reviewWork', 'reviewQuestions', 'viewer']}>
      {me.role === 'viewer' ? (
        <NoRole queueId={id} />
      ) : (
        <ReviewWork key={id} queue={{ id, name, kind, instructions, rubric }} />
      )}
    </Words>
  );
}

/** A viewer reads queues, and does not judge. */
async function NoRole({ queueId }: { queueId: string }) {
  const t = await getTranslations('reviewWork.noRole');
  return (
    <PageFrame className="my-auto max-w-md px-4 py-16 text-center">
      <h2 className="text-lg font-semibold">{t('title')}</h2>
      <p className="text-muted mt-1 mb-5 text-sm leading-6 text-pretty">{t('text')}</p>
      <PageLink href={`/reviews/${queueId}`} className={buttonStyle({ variant: 'primary' })}>
        {t('action')}
      </PageLink>
    </PageFrame>
  );
}
