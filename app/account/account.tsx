'use client';

import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Me } from '@/server/accounts/schema';
import { Section } from '../_accounts/section';
import { buttonStyle } from '../_ui/button';
import { PageLink } from '../_ui/page-link';
import { PageFrame } from '../_ui/page-frame';
import { NameForm } from './name-form';
import { PasswordForm } from './password-form';
import { Sessions } from './sessions';

/** The page of one's own account. */
export function Account({ me }: { me: Me }) {
  const t = useTranslations('accounts');
  return (
    <PageFrame className="max-w-2xl px-4 pt-8 pb-16">
      <h2 className="text-2xl font-semibold tracking-tight">{t('account.title')}</h2>
      <p className="mt-2 text-sm font-medium [overflow-wrap:anywhere]">{me.email}</p>
      <p className="text-muted mt-1 text-sm leading-6 text-pretty">
        {t('account.you', { role: t(`roles.${me.role}`), means: t(`roleMeans.${me.role}`) })}
      </p>
      <Section title={t('account.profile')}>
        <NameForm name={me.name} />
      </Section>
      <Section title={t('account.sessions')} hint={t('account.sessionsHint', { days: 30 })}>
        <Sessions />
      </Section>
      <Section title={t('account.password')} hint={t('account.changeHint')}>
        <PasswordForm email={me.email} />
      </Section>
      <Section title={t('account.keys')} hint={t('account.keysHint')}>
        <PageLink href="/developers" className={buttonStyle()}>
          <KeyRound aria-hidden />
          {t('account.keysLink')}
        </PageLink>
      </Section>
    </PageFrame>
  );
}
