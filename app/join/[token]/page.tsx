import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readInvitation } from '@/server/api/web/account-links';
import { readMe } from '@/server/api/web/current-user';
import { sitePath } from '@/server/platform/env/site-path';
import { BadLink } from '../../_accounts/bad-link';
import { NarrowPage } from '../../_accounts/narrow-page';
import { Moment } from '../../_ui/moment';
import { Words } from '../../_i18n/words';
import { JoinForm } from './join-form';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accounts.join');
  // The address is the key to the account: nobody is told it.
  return { title: t('title'), robots: { index: false, follow: false }, referrer: 'no-referrer' };
}

const reasons = {
  unknown: 'INVITATION_UNKNOWN',
  used: 'INVITATION_USED',
  expired: 'INVITATION_EXPIRED',
  revoked: 'INVITATION_REVOKED',
} as const;

export default async function JoinPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const [found, me] = await Promise.all([readInvitation(token), readMe()]);
  if ('retryAfterSeconds' in found)
    return <BadLink problem={{ reason: 'TOO_MANY', retryAfterSeconds: found.retryAfterSeconds }} />;
  const { state, role, email, invitedBy, expiresAt } = found;
  if (state !== 'open' || !role || !expiresAt)
    return <BadLink problem={{ reason: reasons[state === 'open' ? 'unknown' : state] }} />;
  const t = await getTranslations('accounts');
  return (
    <Words of={['accounts']}>
      <NarrowPage title={t('join.title')}>
        <div className="text-muted mt-2 space-y-1 text-sm leading-6 text-pretty">
          <p>
            {invitedBy && `${t('join.invitedBy', { name: invitedBy })} `}
            {t('join.asRole', { role: t(`roles.${role}`) })}
          </p>
          <p>{t('join.keeps')}</p>
          {me && (
            <p role="note" className="text-ink">
              {t('join.signedIn', { name: me.name })}
            </p>
          )}
        </div>
        <JoinForm token={token} email={email} next={role === 'admin' ? '/team' : '/'} />
        <div className="text-muted border-line mt-8 space-y-2 border-t pt-5 text-sm leading-6">
          <p>{t.rich('join.until', { time: () => <Moment at={expiresAt} /> })}</p>
          <p>
            {t.rich('join.have', {
              link: (chunks) => (
                <a href={sitePath('/sign-in')} className="text-accent underline underline-offset-2">
                  {chunks}
                </a>
              ),
            })}
          </p>
        </div>
      </NarrowPage>
    </Words>
  );
}
