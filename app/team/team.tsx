'use client';

import { useTranslations } from 'next-intl';
import { Section } from '../_accounts/section';
import { PageFrame } from '../_ui/page-frame';
import { Audit } from './audit';
import { Invitations } from './invitations';
import { Invite } from './invite';
import { People } from './people';

/** The page of the admins: who belongs to the team, who is invited, and what was done about it. */
export function Team() {
  const t = useTranslations('accounts.team');
  return (
    <PageFrame className="max-w-3xl px-4 pt-8 pb-16">
      <h2 className="text-2xl font-semibold tracking-tight">{t('title')}</h2>
      <Section title={t('invite')} hint={t('inviteHint')}>
        <Invite />
      </Section>
      <Section title={t('people')}>
        <People />
      </Section>
      <Section title={t('invitations')}>
        <Invitations />
      </Section>
      <Section title={t('audit')}>
        <Audit />
      </Section>
    </PageFrame>
  );
}
