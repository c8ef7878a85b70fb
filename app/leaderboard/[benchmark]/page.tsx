import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { overviewView, tableView } from '@/server/api/web/leaderboard';
import { Words } from '../../_i18n/words';
import { TablePage } from './table-page';

export const dynamic = 'force-dynamic';

interface Props {
  params: Promise<{ benchmark: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ benchmark }, t] = await Promise.all([params, getTranslations('leaderboard')]);
  const view = await tableView(nameIn(benchmark));
  const title = view === null || view === 'missing' ? t('title') : `${view.benchmark.title} · ${t('title')}`;
  return { title, description: t('intro') };
}

export default async function BenchmarkPage({ params }: Props) {
  const benchmark = nameIn((await params).benchmark);
  const [view, overview] = await Promise.all([tableView(benchmark), overviewView()]);
  if (view === 'missing') notFound();
  return (
    <Words of={['leaderboard']}>
      <TablePage benchmark={benchmark} first={view} tabs={overview?.benchmarks ?? []} />
    </Words>
  );
}

/** What stands in the address; of a broken one nothing that there is. */
function nameIn(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
