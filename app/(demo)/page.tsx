import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { sitePath } from '@/server/platform/env/site-path';
import { requestOrigin } from '../_ui/request-origin';
import { DemoPage } from './demo-page';

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

export default function Page() {
  return <DemoPage />;
}
