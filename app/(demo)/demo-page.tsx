import { readFirstView } from '@/server/api/web/first-view';
import { Words } from '../_i18n/words';
import { Demo } from './demo';
import { FirstView } from './first-view';
import { pageSize } from './thread/merge-pages';
import { OpenShared } from './sharing/open-shared';

/** The demo with its words and with what its first render shows. @param props.embedded see `Demo` */
export async function DemoPage({ embedded = false }: { embedded?: boolean }) {
  return (
    <Words
      of={[
        ...(['demo', 'history', 'sharing', 'compare', 'grid', 'keyboard', 'polishing', 'results'] as const),
        ...(['viewer', 'developers'] as const),
      ]}
    >
      <FirstView view={await readFirstView(pageSize)}>
        <Demo embedded={embedded} />
        <OpenShared />
      </FirstView>
    </Words>
  );
}
