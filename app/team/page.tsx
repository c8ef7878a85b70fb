import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readTeam } from '@/server/api/web/accounts-view';
import { readMe } from '@/server/api/web/current-user';
import { sitePath } from '@/server/platform/env/site-path';
import { NarrowPage } from '../_accounts/narrow-page';
import { buttonStyle } from '../_ui/button';
import { Words } from '../_i18n/words';
import { Team } from './team';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.team');
  return { title: t('title'), description: t('description'), robots: { index: false } };
}

export default async function TeamPage() {
  const [me, team] = await Promise.all([readMe(), readTeam()]);
  if (!me) redirect('/sign-in?next=/team');
  if (team)
    return (
      <Words of={['accounts']}>
        <Team view={team} />
      </Words>
    );
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
