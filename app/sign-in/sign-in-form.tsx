'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { signInForm } from '../_accounts/form-schemas';
import { Failed } from '../_accounts/narrow-page';
import { PasswordField } from '../_accounts/password-field';
import { useAccountForm, useEnter } from '../_accounts/use-account-form';
import { Button } from '../_ui/button';
import { TextField } from '../_ui/field';
import { useTRPC } from '../_trpc/client';

/** @param props.next a path of this site, to go on to */
export function SignInForm({ next }: { next: string }) {
  const t = useTranslations('accounts.signIn');
  const signIn = useMutation(useTRPC().accounts.signIn.mutationOptions());
  const enter = useEnter();
  const { form, busy, problem, failed, formProps, buttonProps } = useAccountForm(
    signInForm,
    { email: '', password: '' },
    async (values) => {
      await signIn.mutateAsync(values);
      // A whole new page: what was read as somebody else is forgotten.
      await enter(next);
    },
  );
  return (
    <form {...formProps} aria-label={t('title')} className="mt-6 flex flex-col gap-4">
      <TextField
        size="large"
        label={t('email')}
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        problem={problem('email')}
        {...form.register('email')}
      />
      <PasswordField
        label={t('password')}
        autoComplete="current-password"
        problem={problem('password')}
        {...form.register('password')}
      />
      <Failed>{failed}</Failed>
      <Button variant="primary" className="h-10" {...buttonProps}>
        {t(busy ? 'busy' : 'submit')}
      </Button>
    </form>
  );
}
