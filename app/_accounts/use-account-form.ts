import { zodResolver } from '@hookform/resolvers/zod';
import { useTranslations } from 'next-intl';
import { useRef, useState, type FormEvent } from 'react';
import { useForm, type DefaultValues, type FieldValues, type Path } from 'react-hook-form';
import type { z } from 'zod';
import { nameLength, passwordLimits } from '@/server/accounts/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { problemOf, useErrorText } from '../_ui/error-text';
import { useTRPCClient } from '../_trpc/client';
import type { Wrong } from './form-schemas';

/** Refusals of the server that are about one field. */
const fieldOf: Partial<Record<string, string>> = {
  EMAIL_TAKEN: 'email',
  INVITATION_EMAIL: 'email',
  PASSWORD_IS_EMAIL: 'password',
  PASSWORD_REPEATS: 'password',
  WRONG_PASSWORD: 'current',
};

/**
 * A form about an account: sent once however often it is pressed, with the server's refusals beside the fields that they
 * are about.
 * @param work sends it, and may clear the form; a promise that does not end leaves the form busy, e.g. until the next page is there.
 */
export function useAccountForm<Values extends FieldValues>(
  schema: z.ZodType<Values, Values>,
  defaultValues: DefaultValues<Values>,
  work: (values: Values, clear: () => void) => Promise<void>,
) {
  const words = useTranslations('accounts.wrong');
  const failure = useErrorText();
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues });
  const sending = useRef(false);
  const [busy, setBusy] = useState(false);
  const { errors } = form.formState;

  const send = async (values: Values) => {
    if (sending.current) return;
    sending.current = true;
    setBusy(true);
    try {
      await work(values, () => form.reset());
    } catch (error) {
      const field = fieldOf[problemOf(error).reason ?? ''];
      const at = field !== undefined && field in values ? (field as Path<Values>) : 'root';
      form.setError(at, { type: 'server', message: failure(error) }, { shouldFocus: true });
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  /** What is wrong with a field: the server's own words, or those of the schema's key. */
  const problem = (field: Path<Values>): string | null => {
    const { type, message } =
      (errors as Record<string, { type?: unknown; message?: string } | undefined>)[field] ?? {};
    if (!message) return null;
    const limits = { min: passwordLimits.min, max: field === 'name' ? nameLength : passwordLimits.max };
    return type === 'server' ? message : words(message as Wrong, limits);
  };

  return {
    form,
    busy,
    problem,
    /** What went wrong with all of it. */
    failed: errors.root?.message ?? null,
    /** Of the form element. Where no script runs at all, nothing may stand in the address. */
    formProps: {
      onSubmit: (event: FormEvent) => void form.handleSubmit(send)(event),
      noValidate: true,
      method: 'post',
    } as const,
    /** Of the button that sends. */
    buttonProps: { type: 'submit', 'aria-disabled': busy } as const,
  };
}

/**
 * Goes on as who has just signed in, once the browser is seen to send the session's cookie back.
 * @returns a function that resolves when the next page is there: never, on this one
 */
export function useEnter(): (path: string) => Promise<never> {
  const client = useTRPCClient();
  return async (path) => {
    if (!(await client.accounts.me.query()))
      // Without a message: in English that would stand in the place of the words.
      throw Object.assign(new Error(), { data: { reason: 'COOKIES_NEEDED' } });
    location.assign(sitePath(path));
    return new Promise(() => undefined);
  };
}
