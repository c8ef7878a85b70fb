import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../_i18n/words';
import { FirstView } from '../_trpc/first-view';
import { nextPage } from '../_trpc/next-page';
import { RunsList } from './list/runs-list';
import { listInput, loadListUrl } from './list/url-state';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs');
  return { title: t('title'), description: t('intro') };
}

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { queryClient, trpc } = pageQueries();
  const input = listInput(await loadListUrl(searchParams));
  await queryClient.prefetchInfiniteQuery(trpc.runs.list.infiniteQueryOptions(input, nextPage));
  return (
    <Words of={['runs']}>
      <FirstView>
        <RunsList />
      </FirstView>
    </Words>
  );
}
