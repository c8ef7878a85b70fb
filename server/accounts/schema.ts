import { z } from 'zod';

/** Accounts of the team. Browser-safe: zod only. */

/** Each may do what the one before may. */
export const roles = ['viewer', 'reviewer', 'admin'] as const;
export const roleSchema = z.enum(roles);

/** Whether somebody of one role may do what another role may. */
export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** The person who is signed in. */
export const meSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: roleSchema,
});

/** Characters. */
export const passwordLimits = { min: 10, max: 128 };
export const nameLength = 80;

/** In small letters: an address has one account, however it is written. */
export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const nameSchema = z.string().trim().min(1).max(nameLength);
/** One that exists; what a new one has to be is `newPasswordSchema`. */
export const passwordSchema = z.string().min(1).max(passwordLimits.max);
export const newPasswordSchema = z.string().min(passwordLimits.min).max(passwordLimits.max);

/** Why a password is too easy to guess, beside its length; null for one that is not. */
export function weaknessOf(password: string, email: string): 'email' | 'repeated' | null {
  const [small, address] = [password.trim().toLowerCase(), email.trim().toLowerCase()];
  if (address !== '' && (small === address || small === address.split('@')[0])) return 'email';
  return new Set(small).size < 4 ? 'repeated' : null;
}

/** The secret part of a link: 32 random bytes in base64url. */
export const linkTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const signInSchema = z.object({ email: emailSchema, password: passwordSchema });
export const joinSchema = z.object({
  token: linkTokenSchema,
  name: nameSchema,
  email: emailSchema,
  password: newPasswordSchema,
});
export const resetPasswordSchema = z.object({ token: linkTokenSchema, password: newPasswordSchema });
export const changePasswordSchema = z.object({ current: passwordSchema, password: newPasswordSchema });

/** Days that an invitation can be good for. */
export const invitationDays = { min: 1, max: 30, usual: 7 };
export const inviteSchema = z.object({
  role: roleSchema,
  /** Only for this address; for whoever has the link where it is missing. */
  email: emailSchema.nullish(),
  days: z.number().int().min(invitationDays.min).max(invitationDays.max).default(invitationDays.usual),
});

const personSchema = z.object({ id: z.uuid(), name: z.string() });

export const invitationStates = ['open', 'used', 'expired', 'revoked'] as const;
export const invitationSchema = z.object({
  id: z.uuid(),
  role: roleSchema,
  email: z.string().nullable(),
  state: z.enum(invitationStates),
  /** Null for one that the server or its command line made. */
  invitedBy: personSchema.nullable(),
  usedBy: personSchema.nullable(),
  createdAt: z.date(),
  expiresAt: z.date(),
  usedAt: z.date().nullable(),
});
/** `token` is told this once and cannot be told again: `/join/<token>`. */
export const madeInvitationSchema = invitationSchema.extend({ token: z.string() });

/** What somebody who opens an invitation learns of it. */
export const invitationViewSchema = z.object({
  state: z.enum([...invitationStates, 'unknown']),
  role: roleSchema.nullable(),
  /** The address that it is for; null where it is for anybody. */
  email: z.string().nullable(),
  invitedBy: z.string().nullable(),
  expiresAt: z.date().nullable(),
});

export const memberSchema = meSchema.extend({
  createdAt: z.date(),
  disabledAt: z.date().nullable(),
  /** Null for one who never used a session that is still there. */
  seenAt: z.date().nullable(),
  sessions: z.number().int(),
});

export const sessionSchema = z.object({
  id: z.uuid(),
  /** As the browser calls itself. */
  userAgent: z.string().nullable(),
  createdAt: z.date(),
  /** Exact to the minute. */
  seenAt: z.date(),
  expiresAt: z.date(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
});

/** A link by which a person sets a new password once: `/reset/<token>`. */
export const resetLinkSchema = z.object({ token: z.string(), expiresAt: z.date() });

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
/** The id of the last one shown. */
export const cursorSchema = z.object({ cursor: z.uuid().nullish() });

export type Role = z.infer<typeof roleSchema>;
export type Me = z.infer<typeof meSchema>;
export type Member = z.infer<typeof memberSchema>;
export type SessionView = z.infer<typeof sessionSchema>;
export type Invitation = z.infer<typeof invitationSchema>;
export type MadeInvitation = z.infer<typeof madeInvitationSchema>;
export type InvitationView = z.infer<typeof invitationViewSchema>;
export type ResetLink = z.infer<typeof resetLinkSchema>;
