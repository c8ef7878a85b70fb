'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { passwordLimits } from '@/server/accounts/schema';
import { joinForm } from '../../_accounts/form-schemas';
import { Failed } from '../../_accounts/narrow-page';
import { PasswordField } from '../../_accounts/password-field';
import { useAccountForm, useEnter } from '../../_accounts/use-account-form';
import { Button } from '../../_ui/button';
import { TextField } from '../../_ui/field';
import { useTRPC } from '../../_trpc/client';

interface JoinFormProps {
  token: string;
  /** The address that the invitation is for; null where it is for anybody. */
  email: string | null;
  /** Where the account goes first. */
  next: string;
}

export function JoinForm({ token, email, next }: JoinFormProps) {
  const t = useTranslations('accounts.join');
  const join = useMutation(useTRPC().accounts.join.mutationOptions());
  const enter = useEnter();
  const { form, busy, problem, failed, formProps, buttonProps } = useAccountForm(
    joinForm,
    { name: '', email: email ?? '', password: '' },
    async (values) => {
      await join.mutateAsync({ ...values, token });
      await enter(next);
    },
  );
  return (
    <form {...formProps} aria-label={t('title')} className="mt-6 flex flex-col gap-4">
      <TextField
        size="large"
        label={t('name')}
        autoComplete="name"
        hint={t('nameHint')}
        problem={problem('name')}
        {...form.register('name')}
      />
      <TextField
        size="large"
        label={t('email')}
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        readOnly={email !== null}
        hint={email === null ? undefined : t('emailFixed')}
        problem={problem('email')}
        {...form.register('email')}
      />
      <PasswordField
        label={t('password')}
        autoComplete="new-password"
        hint={t('passwordHint', { min: passwordLimits.min })}
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
