import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readMe } from '@/server/api/web/current-user';
import { pageQueries } from '@/server/api/web/page-queries';
import { Words } from '../_i18n/words';
import { FirstView } from '../_trpc/first-view';
import { Account } from './account';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.account');
  return { title: t('title'), description: t('description'), robots: { index: false } };
}

export default async function AccountPage() {
  const me = await readMe();
  if (!me) redirect('/sign-in?next=/account');
  const { queryClient, trpc } = pageQueries();
  await queryClient.prefetchQuery(trpc.accounts.sessions.queryOptions());
  return (
    <Words of={['accounts']}>
      <FirstView>
        <Account me={me} />
      </FirstView>
    </Words>
  );
}
