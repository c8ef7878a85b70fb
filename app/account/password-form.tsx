'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { passwordLimits } from '@/server/accounts/schema';
import { changeForm } from '../_accounts/form-schemas';
import { Failed } from '../_accounts/narrow-page';
import { PasswordField } from '../_accounts/password-field';
import { useAccountForm } from '../_accounts/use-account-form';
import { Button } from '../_ui/button';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';

export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations('accounts');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const change = useMutation(trpc.accounts.changePassword.mutationOptions());
  const schema = useMemo(() => changeForm(email), [email]);
  const { form, busy, problem, failed, formProps, buttonProps } = useAccountForm(
    schema,
    { current: '', password: '' },
    async (values, clear) => {
      await change.mutateAsync(values);
      clear();
      toast.success(t('account.changed'));
      await cache.invalidateQueries({ queryKey: trpc.accounts.sessions.queryKey() });
    },
  );
  return (
    <form {...formProps} aria-label={t('account.password')} className="flex max-w-sm flex-col gap-4">
      {/* For the browser's own list of passwords. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <PasswordField
        label={t('account.current')}
        autoComplete="current-password"
        problem={problem('current')}
        {...form.register('current')}
      />
      <PasswordField
        label={t('account.new')}
        autoComplete="new-password"
        hint={t('join.passwordHint', { min: passwordLimits.min })}
        problem={problem('password')}
        {...form.register('password')}
      />
      <Failed>{failed}</Failed>
      <Button className="self-start" {...buttonProps}>
        {t(busy ? 'account.changing' : 'account.change')}
      </Button>
    </form>
  );
}
