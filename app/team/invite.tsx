'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { roles, type MadeInvitation, type Role } from '@/server/accounts/schema';
import { inviteForm } from '../_accounts/form-schemas';
import { Failed } from '../_accounts/narrow-page';
import { useAccountForm } from '../_accounts/use-account-form';
import { Button } from '../_ui/button';
import { Moment } from '../_ui/moment';
import { Select } from '../_ui/select';
import { Field, TextField } from '../_ui/field';
import { useTRPC } from '../_trpc/client';
import { LinkBox } from './link-box';
import { useReload } from './reload';

const choices = ['1', '3', '7', '14', '30'] as const;
type Days = (typeof choices)[number];

/** Makes a link for somebody who is to belong to the team. */
export function Invite() {
  const t = useTranslations('accounts');
  const reload = useReload();
  const [role, setRole] = useState<Role>('reviewer');
  const [days, setDays] = useState<Days>('7');
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const [roleId, daysId] = [useId(), useId()];
  const invite = useMutation(useTRPC().accounts.invite.mutationOptions());
  const { form, busy, problem, failed, formProps, buttonProps } = useAccountForm(
    inviteForm,
    { email: '' },
    async ({ email }, clear) => {
      setMade(await invite.mutateAsync({ role, email: email || null, days: Number(days) }));
      clear();
      void reload();
    },
  );
  return (
    <>
      <form {...formProps} aria-label={t('team.invite')}>
        <div className="flex flex-wrap items-start gap-3">
          <Field
            id={roleId}
            size="large"
            label={t('team.inviteRole')}
            className="min-w-auto basis-36 max-sm:flex-1"
          >
            <Select
              id={roleId}
              value={role}
              options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
              onChange={setRole}
              className="h-10 w-full"
            />
          </Field>
          <Field
            id={daysId}
            size="large"
            label={t('team.inviteDays')}
            className="min-w-auto basis-28 max-sm:flex-1"
          >
            <Select
              id={daysId}
              value={days}
              options={choices.map((value) => ({ value, label: t('team.days', { count: Number(value) }) }))}
              onChange={setDays}
              className="h-10 w-full"
            />
          </Field>
          <TextField
            size="large"
            className="min-w-0 flex-1 basis-64"
            label={
              <>
                {t('team.inviteEmail')} <span className="text-muted font-normal">({t('team.optional')})</span>
              </>
            }
            type="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            problem={problem('email')}
            {...form.register('email')}
          />
        </div>
        <p className="text-muted mt-2 text-[13px] leading-5 first-letter:uppercase">
          {t(`roleMeans.${role}`)}
        </p>
        <Failed>{failed}</Failed>
        <Button variant="primary" className="mt-3" {...buttonProps}>
          {t(busy ? 'team.making' : 'team.makeInvitation')}
        </Button>
      </form>
      {made && (
        <LinkBox
          key={made.id}
          title={t('team.made', { role: t(`roles.${made.role}`) })}
          path={`/join/${made.token}`}
          onDone={() => setMade(null)}
        >
          {t.rich(made.email ? 'team.madeFor' : 'team.madeText', {
            email: made.email ?? '',
            time: () => <Moment at={made.expiresAt} />,
          })}
        </LinkBox>
      )}
    </>
  );
}
