import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { readRun, readSamplesView } from '@/server/api/web/runs-view';
import { Words } from '../../_i18n/words';
import { RunFirstView } from '../run/first-view';
import { RunPage } from '../run/run-page';
import { filterOf, loadRunUrl, viewOf } from '../samples/url-state';
import { samplePage } from '../samples/page-size';
import { isId } from '../shared/url-parts';

export const dynamic = 'force-dynamic';

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { id } = await params;
  const t = await getTranslations('runs');
  const read = isId(id) ? await readRun(id) : 'gone';
  if (read === 'gone') return { title: t('gone.title') };
  if (!read) return { title: t('title') };
  const { model, benchmark } = read;
  return { title: t('run.title', { model: `${model.name} ${model.version}`, benchmark: benchmark.title }) };
}

export default async function Page({ params, searchParams }: PageProps) {
  const { id } = await params;
  const run = isId(id) ? await readRun(id) : 'gone';
  if (run === 'gone') notFound();
  const url = await loadRunUrl(searchParams);
  const input = run &&
    viewOf(url) === 'samples' && { runId: run.id, filter: filterOf(url, run), limit: samplePage };
  const samples = input && { input, page: await readSamplesView(input, run.recorded) };
  return (
    <Words of={['runs', 'runSamples', 'viewer']}>
      <RunFirstView run={run} samples={samples || null}>
        <RunPage id={id.toLowerCase()} />
      </RunFirstView>
    </Words>
  );
}
