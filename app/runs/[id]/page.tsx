import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import type { SearchParams } from 'nuqs/server';
import { drawFirst, pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../../_i18n/words';
import { FirstView } from '../../_trpc/first-view';
import { nextPage } from '../../_trpc/next-page';
import { RunPage } from '../run/run-page';
import { filterOf, loadRunUrl, viewOf } from '../samples/url-state';
import { samplePage } from '../samples/page-size';
import { isId } from '../shared/url-parts';

export const dynamic = 'force-dynamic';

interface PageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

/** `missing` where there is none; null where the page has to ask by itself. */
async function readRun(id: string) {
  const { queryClient, trpc, read } = pageQueries();
  return isId(id)
    ? read(queryClient.fetchQuery(trpc.runs.get.queryOptions({ id: id.toLowerCase() })))
    : 'missing';
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { id } = await params;
  const t = await getTranslations('runs');
  const read = await readRun(id);
  if (read === 'missing') return { title: t('gone.title') };
  if (!read) return { title: t('title') };
  const { model, benchmark } = read;
  return { title: t('run.title', { model: `${model.name} ${model.version}`, benchmark: benchmark.title }) };
}

export default async function Page({ params, searchParams }: PageProps) {
  const { id } = await params;
  const run = await readRun(id);
  if (run === 'missing') notFound();
  const url = await loadRunUrl(searchParams);
  if (run && viewOf(url) === 'samples') {
    const { queryClient, trpc, read } = pageQueries();
    const input = { runId: run.id, filter: filterOf(url, run), limit: samplePage };
    const samples = await read(
      queryClient.fetchInfiniteQuery(trpc.runs.samples.infiniteQueryOptions(input, nextPage)),
    );
    const [first] = samples && samples !== 'missing' ? samples.pages : [];
    if (first && run.recorded) void drawFirst(first.items.flatMap(({ picture }) => picture?.hash ?? []));
  }
  return (
    <Words of={['runs', 'runSamples', 'viewer']}>
      <FirstView>
        <RunPage id={id.toLowerCase()} />
      </FirstView>
    </Words>
  );
}
