import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../../_i18n/words';
import { FirstView } from '../../_trpc/first-view';
import { nextPage } from '../../_trpc/next-page';
import { AuditList } from '../_parts/audit-list';
import { Frame } from '../_parts/frame';
import { requireTeam } from '../require-team';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reviewResults.audit');
  return { title: t('title') };
}

export default async function AuditPage() {
  await requireTeam('/reviews/audit');
  const t = await getTranslations('reviewResults.audit');
  const words = await getTranslations('reviews');
  const { queryClient, trpc } = pageQueries();
  await queryClient.prefetchInfiniteQuery(trpc.reviews.audit.infiniteQueryOptions({}, nextPage));
  return (
    <Words of={['reviews', 'reviewResults']}>
      <Frame title={t('title')} lead={t('lead')} back={{ href: '/reviews', label: words('back') }}>
        <div className="mt-5">
          <FirstView>
            <AuditList />
          </FirstView>
        </div>
      </Frame>
    </Words>
  );
}
