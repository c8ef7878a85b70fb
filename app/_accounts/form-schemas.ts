import { z } from 'zod';
import { nameLength, passwordLimits, weaknessOf } from '@/server/accounts/schema';

/** What the forms about accounts take. Each message is a key of the words `accounts.wrong`. */

export type Wrong =
  | 'emailMissing'
  | 'email'
  | 'passwordMissing'
  | 'passwordShort'
  | 'passwordLong'
  | 'passwordIsEmail'
  | 'passwordRepeats'
  | 'nameMissing'
  | 'nameLong'
  | 'same';
const say = (wrong: Wrong) => wrong;

const email = z
  .string()
  .trim()
  .min(1, say('emailMissing'))
  .pipe(z.email(say('email')));
export const name = z.string().trim().min(1, say('nameMissing')).max(nameLength, say('nameLong'));
const present = z.string().min(1, say('passwordMissing')).max(passwordLimits.max, say('passwordLong'));
const fresh = z
  .string()
  .min(1, say('passwordMissing'))
  .min(passwordLimits.min, say('passwordShort'))
  .max(passwordLimits.max, say('passwordLong'));

interface Checked {
  password: string;
  email?: string;
  current?: string;
}

/** A new password is none that is easy to guess, and none that one has. */
function refuseWeak({ password, email: address = '', current }: Checked, ctx: z.RefinementCtx): void {
  const refuse = (message: Wrong) => ctx.addIssue({ code: 'custom', path: ['password'], message });
  const weakness = weaknessOf(password, address);
  if (weakness === 'email') refuse('passwordIsEmail');
  else if (weakness === 'repeated') refuse('passwordRepeats');
  else if (current !== undefined && current === password) refuse('same');
}

export const signInForm = z.object({ email, password: present });
export const joinForm = z.object({ name, email, password: fresh }).superRefine(refuseWeak);
/** @param address of the account */
export const resetForm = (address: string) =>
  z.object({ password: fresh }).superRefine((value, ctx) => refuseWeak({ ...value, email: address }, ctx));
export const changeForm = (address: string) =>
  z
    .object({ current: present, password: fresh })
    .superRefine((value, ctx) => refuseWeak({ ...value, email: address }, ctx));
export const nameForm = z.object({ name });
export const inviteForm = z.object({ email: z.union([z.literal(''), email]) });
