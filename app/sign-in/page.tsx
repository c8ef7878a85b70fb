import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { readMe } from '@/server/api/web/current-user';
import { NarrowPage } from '../_accounts/narrow-page';
import { ownPath } from '../_accounts/own-path';
import { Words } from '../_i18n/words';
import { SignInForm } from './sign-in-form';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.signIn');
  return { title: t('title'), robots: { index: false } };
}

interface PageProps {
  searchParams: Promise<{ next?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: PageProps) {
  const next = ownPath((await searchParams).next);
  if (await readMe()) redirect(next);
  const t = await getTranslations('accounts.signIn');
  return (
    <Words of={['accounts']}>
      <NarrowPage title={t('title')}>
        <p className="text-muted mt-2 text-sm leading-6 text-pretty">{t('intro')}</p>
        <SignInForm next={next} />
        <div className="text-muted border-line mt-8 space-y-2 border-t pt-5 text-sm leading-6 text-pretty">
          <p>{t('noAccount')}</p>
          <p>{t('forgotten')}</p>
        </div>
      </NarrowPage>
    </Words>
  );
}
