import { readFirstView } from '@/server/web/first-view';
import { Demo } from './demo';
import { FirstView } from './first-view';
import { pageSize } from './fresh';
import { OpenShared } from './sharing/open-shared';

export const dynamic = 'force-dynamic';

export default async function DemoPage() {
  return (
    <FirstView view={await readFirstView(pageSize)}>
      <Demo />
      <OpenShared />
    </FirstView>
  );
}
