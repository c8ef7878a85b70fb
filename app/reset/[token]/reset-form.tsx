'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { passwordLimits } from '@/server/accounts/schema';
import { resetForm } from '../../_accounts/form-schemas';
import { Failed } from '../../_accounts/narrow-page';
import { PasswordField } from '../../_accounts/password-field';
import { useAccountForm, useEnter } from '../../_accounts/use-account-form';
import { Button } from '../../_ui/button';
import { useTRPC } from '../../_trpc/client';

export function ResetForm({ token, email }: { token: string; email: string }) {
  const t = useTranslations('accounts');
  const reset = useMutation(useTRPC().accounts.resetPassword.mutationOptions());
  const schema = useMemo(() => resetForm(email), [email]);
  const enter = useEnter();
  const { form, busy, problem, failed, formProps, buttonProps } = useAccountForm(
    schema,
    { password: '' },
    async ({ password }) => {
      await reset.mutateAsync({ token, password });
      await enter('/');
    },
  );
  return (
    <form {...formProps} aria-label={t('reset.title')} className="mt-6 flex flex-col gap-4">
      {/* For the browser's own list of passwords. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <PasswordField
        label={t('reset.password')}
        autoComplete="new-password"
        hint={t('join.passwordHint', { min: passwordLimits.min })}
        problem={problem('password')}
        {...form.register('password')}
      />
      <Failed>{failed}</Failed>
      <Button variant="primary" className="h-10" {...buttonProps}>
        {t(busy ? 'reset.busy' : 'reset.submit')}
      </Button>
    </form>
  );
}
