import { readFirstView } from '@/server/web/first-view';
import { Demo } from './demo';
import { Words } from '../_i18n/words';
import { FirstView } from './first-view';
import { pageSize } from './fresh';
import { OpenShared } from './sharing/open-shared';

export const dynamic = 'force-dynamic';

export default async function DemoPage() {
  return (
    <Words
      of={['demo', 'history', 'sharing', 'compare', 'grid', 'keyboard', 'polishing', 'results', 'developers']}
    >
      <FirstView view={await readFirstView(pageSize)}>
        <Demo />
        <OpenShared />
      </FirstView>
    </Words>
  );
}
