import type { Metadata } from 'next';
import { DemoPage } from '../demo-page';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { robots: { index: false } };

/**
 * The demo for frames of other sites, without the rest of the site: nothing in it leads to another page within the
 * frame. Who may frame it: server/start/frames.mjs. Who asks: server/api/web/requester.ts.
 */
export default function EmbedPage() {
  return <DemoPage embedded />;
}
