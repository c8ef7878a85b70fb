import type { Metadata } from 'next';
import { readFirstView } from '@/server/web/first-view';
import { Demo } from '../demo';
import { FirstView } from '../first-view';
import { pageSize } from '../fresh';
import { OpenShared } from '../sharing/open-shared';
import { Words } from '../../_i18n/words';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { robots: { index: false } };

/**
 * The demo for frames of other sites, without the rest of the site: nothing in it leads to another page within the
 * frame. Who may frame it: server/start/frames.mjs. Who asks: server/web/who.ts.
 */
export default async function EmbedPage() {
  return (
    <Words
      of={['demo', 'history', 'sharing', 'compare', 'grid', 'keyboard', 'polishing', 'results', 'developers']}
    >
      <FirstView view={await readFirstView(pageSize)}>
        <Demo embedded />
        <OpenShared />
      </FirstView>
    </Words>
  );
}
