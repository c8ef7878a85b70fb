'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { nameForm } from '../_accounts/form-schemas';
import { Failed } from '../_accounts/narrow-page';
import { useAccountForm } from '../_accounts/use-account-form';
import { Button } from '../_ui/button';
import { TextField } from '../_ui/field';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';

export function NameForm({ name }: { name: string }) {
  const t = useTranslations('accounts.account');
  const router = useRouter();
  const rename = useMutation(useTRPC().accounts.rename.mutationOptions());
  const { form, problem, failed, formProps, buttonProps } = useAccountForm(
    nameForm,
    { name },
    async (values) => {
      await rename.mutateAsync(values);
      toast.success(t('saved'));
      // The header says it too.
      router.refresh();
    },
  );
  return (
    <form {...formProps} aria-label={t('profile')} className="flex max-w-sm flex-col gap-3">
      <TextField
        size="large"
        label={t('name')}
        autoComplete="name"
        problem={problem('name')}
        {...form.register('name')}
      />
      <Failed>{failed}</Failed>
      <Button className="self-start" {...buttonProps}>
        {t('save')}
      </Button>
    </form>
  );
}
