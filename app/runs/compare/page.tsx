import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { readComparison, readRun } from '@/server/api/web/runs-view';
import { Words } from '../../_i18n/words';
import { CompareFirstView } from './first-view';
import { ComparePage } from './compare-page';
import { loadCompareUrl } from './url-state';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runCompare');
  return { title: t('title') };
}

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { first, second } = await loadCompareUrl(searchParams);
  const [comparison, ...runs] = await Promise.all([
    first && second && first !== second ? readComparison(first, second) : null,
    ...[first, second].map((id) => (id ? readRun(id) : null)),
  ]);
  return (
    <Words of={['runs', 'runSamples', 'runCompare', 'viewer']}>
      <CompareFirstView comparison={comparison} runs={runs.filter((run) => run !== null && run !== 'gone')}>
        <ComparePage />
      </CompareFirstView>
    </Words>
  );
}
