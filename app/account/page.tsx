import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readSessions } from '@/server/api/web/accounts-view';
import { readMe } from '@/server/api/web/current-user';
import { Words } from '../_i18n/words';
import { Account } from './account';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.account');
  return { title: t('title'), description: t('description'), robots: { index: false } };
}

export default async function AccountPage() {
  const me = await readMe();
  if (!me) redirect('/sign-in?next=/account');
  return (
    <Words of={['accounts']}>
      <Account me={me} sessions={await readSessions()} />
    </Words>
  );
}
