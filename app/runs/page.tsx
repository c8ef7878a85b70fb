import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { readRunsView } from '@/server/api/web/runs-view';
import { Words } from '../_i18n/words';
import { RunsFirstView } from './list/first-view';
import { RunsList } from './list/runs-list';
import { listInput, loadListUrl } from './list/url-state';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('runs');
  return { title: t('title'), description: t('intro') };
}

export default async function RunsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const input = listInput(await loadListUrl(searchParams));
  return (
    <Words of={['runs']}>
      <RunsFirstView input={input} page={await readRunsView(input)}>
        <RunsList />
      </RunsFirstView>
    </Words>
  );
}
