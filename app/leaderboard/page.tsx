import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { overviewView } from '@/server/api/web/leaderboard';
import { Words } from '../_i18n/words';
import { OverviewPage } from './overview';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('leaderboard');
  return { title: t('title'), description: t('intro') };
}

export default async function LeaderboardPage() {
  return (
    <Words of={['leaderboard']}>
      <OverviewPage first={await overviewView()} />
    </Words>
  );
}
