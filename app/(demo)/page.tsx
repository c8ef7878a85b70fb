import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { sitePath } from '@/server/env/site-path';
import { readFirstView } from '@/server/web/first-view';
import { requestOrigin } from '../_ui/request-origin';
import { Demo } from './demo';
import { Words } from '../_i18n/words';
import { FirstView } from './first-view';
import { pageSize } from './fresh';
import { OpenShared } from './sharing/open-shared';

export const dynamic = 'force-dynamic';

/** What a link to the demo shows where it is shared. */
export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  const [title, description] = [t('product'), t('description')];
  const images = [{ url: sitePath('/screenshot.png'), width: 1440, height: 900, alt: t('screenshot') }];
  return {
    metadataBase: await requestOrigin(),
    openGraph: { type: 'website', title, description, images, url: sitePath('/'), siteName: title },
    twitter: { card: 'summary_large_image', title, description, images },
  };
}

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
