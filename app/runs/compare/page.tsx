import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../../_i18n/words';
import { FirstView } from '../../_trpc/first-view';
import { ComparePage } from './compare-page';
import { loadCompareUrl } from './url-state';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runCompare');
  return { title: t('title') };
}

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { first, second } = await loadCompareUrl(searchParams);
  const { queryClient, trpc } = pageQueries();
  await Promise.all([
    first && second && first !== second
      ? queryClient.prefetchQuery(trpc.runs.compare.queryOptions({ first, second }))
      : null,
    ...[first, second].map((id) => id && queryClient.prefetchQuery(trpc.runs.get.queryOptions({ id }))),
  ]);
  return (
    <Words of={['runs', 'runSamples', 'runCompare', 'viewer']}>
      <FirstView>
        <ComparePage />
      </FirstView>
    </Words>
  );
}
