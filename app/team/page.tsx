import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readMe } from '@/server/api/web/current-user';
import { pageQueries } from '@/server/api/web/page-queries';
import { sitePath } from '@/server/platform/env/site-path';
import { NarrowPage } from '../_accounts/narrow-page';
import { buttonStyle } from '../_ui/button';
import { Words } from '../_i18n/words';
import { FirstView } from '../_trpc/first-view';
import { nextPage } from '../_trpc/next-page';
import { Team } from './team';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.team');
  return { title: t('title'), description: t('description'), robots: { index: false } };
}

export default async function TeamPage() {
  const me = await readMe();
  if (!me) redirect('/sign-in?next=/team');
  if (me.role === 'admin') {
    const { queryClient, trpc } = pageQueries();
    await Promise.all([
      queryClient.prefetchInfiniteQuery(trpc.accounts.people.infiniteQueryOptions({}, nextPage)),
      queryClient.prefetchInfiniteQuery(trpc.accounts.invitations.infiniteQueryOptions({}, nextPage)),
      queryClient.prefetchInfiniteQuery(trpc.accounts.audit.infiniteQueryOptions({}, nextPage)),
    ]);
    return (
      <Words of={['accounts']}>
        <FirstView>
          <Team />
        </FirstView>
      </Words>
    );
  }
  const t = await getTranslations('accounts');
  return (
    <Words of={['accounts']}>
      <NarrowPage title={t('team.refusedTitle')}>
        <p className="text-muted mt-2 text-sm leading-6 text-pretty">
          {t('team.refused', { role: t(`roles.${me.role}`) })}
        </p>
        <a href={sitePath('/account')} className={buttonStyle({ className: 'mt-6' })}>
          {t('team.back')}
        </a>
      </NarrowPage>
    </Words>
  );
}
