import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { pageQueries } from '@/server/api/web/page-queries';
import { FirstView } from '../_trpc/first-view';
import { Words } from '../_i18n/words';
import { Developers } from './developers';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('developers');
  return { title: t('title'), description: t('description') };
}

export default async function DevelopersPage() {
  const { queryClient, trpc } = pageQueries();
  await queryClient.prefetchQuery(trpc.demo.model.queryOptions());
  return (
    <Words of={['demo', 'developers', 'history']}>
      <FirstView>
        <Developers />
      </FirstView>
    </Words>
  );
}
