import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ablationsView, overviewView } from '@/server/api/web/leaderboard';
import { Words } from '../../_i18n/words';
import { AblationsPage } from './ablations-page';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('ablations');
  return { title: t('title'), description: t('intro') };
}

export default async function Page() {
  const [found, overview] = await Promise.all([ablationsView(), overviewView()]);
  return (
    <Words of={['leaderboard', 'ablations']}>
      <AblationsPage found={found} tabs={overview?.benchmarks ?? []} />
    </Words>
  );
}
