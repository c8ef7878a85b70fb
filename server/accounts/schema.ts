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

export type Role = z.infer<typeof roleSchema>;
export type Me = z.infer<typeof meSchema>;
