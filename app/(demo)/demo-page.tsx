import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../_i18n/words';
import { Demo } from './demo';
import { FirstView } from '../_trpc/first-view';
import { nextPage } from '../_trpc/next-page';
import { pageSize } from './thread/merge-pages';
import { OpenShared } from './sharing/open-shared';

/** The demo with its words and with what its first render shows. @param props.embedded see `Demo` */
export async function DemoPage({ embedded = false }: { embedded?: boolean }) {
  const { queryClient, trpc } = pageQueries();
  await Promise.all([
    queryClient.prefetchQuery(trpc.demo.model.queryOptions()),
    queryClient.prefetchInfiniteQuery(trpc.demo.list.infiniteQueryOptions({ limit: pageSize }, nextPage)),
  ]);
  return (
    <Words
      of={[
        ...(['demo', 'history', 'sharing', 'compare', 'grid', 'keyboard', 'polishing', 'results'] as const),
        ...(['viewer', 'developers'] as const),
      ]}
    >
      <FirstView>
        <Demo embedded={embedded} />
        <OpenShared />
      </FirstView>
    </Words>
  );
}
