import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readReset } from '@/server/api/web/account-links';
import { BadLink } from '../../_accounts/bad-link';
import { NarrowPage } from '../../_accounts/narrow-page';
import { Words } from '../../_i18n/words';
import { ResetForm } from './reset-form';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.reset');
  // The address is the key to the account: nobody is told it.
  return { title: t('title'), robots: { index: false, follow: false }, referrer: 'no-referrer' };
}

export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const found = await readReset(token);
  if (!found) return <BadLink problem={{ reason: 'RESET_GONE' }} />;
  if ('retryAfterSeconds' in found)
    return <BadLink problem={{ reason: 'TOO_MANY', retryAfterSeconds: found.retryAfterSeconds }} />;
  const t = await getTranslations('accounts.reset');
  return (
    <Words of={['accounts']}>
      <NarrowPage title={t('title')}>
        <p className="text-muted mt-2 text-sm leading-6 [overflow-wrap:anywhere]">{t('for', found)}</p>
        <p className="text-muted text-sm leading-6">{t('note')}</p>
        <ResetForm token={token} email={found.email} />
      </NarrowPage>
    </Words>
  );
}
