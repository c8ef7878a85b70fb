import { z } from 'zod';
import { listAudit, teamAreas } from '../platform/audit/audit';
import { StudioError } from '../platform/errors/errors';
import { auditCursorSchema, auditPageSchema } from '../platform/audit/schema';
import type { Browser, Context } from './context';
import { adminProcedure, router, viewerProcedure, visitorProcedure } from './procedures';
import * as invitations from './invitations';
import { join, makeResetLink, resetPassword } from './join';
import { endSessionsOf, listMembers, setDisabled, setRole } from './people';
import {
  changePasswordSchema,
  cursorSchema,
  invitationSchema,
  inviteSchema,
  joinSchema,
  madeInvitationSchema,
  memberSchema,
  meSchema,
  nameSchema,
  pageOf,
  resetLinkSchema,
  resetPasswordSchema,
  roleSchema,
  sessionSchema,
  signInSchema,
} from './schema';
import { endOtherSessions, endSession, listSessions } from './session';
import { beginSession, changePassword, signIn, signOut } from './sign-in';
import { rename } from './users';

const byId = z.object({ id: z.uuid() });
const done = z.object({ done: z.literal(true) });
const isDone = { done: true } as const;

function browserOf(ctx: Context): Browser {
  if (!ctx.browser)
    throw new StudioError(
      'FORBIDDEN',
      'Sign in on the site itself; accounts are not available inside a frame.',
    );
  return ctx.browser;
}
const acting = (ctx: Context & { user: { id: string } }) => ({ db: ctx.db, by: ctx.user.id });

export const accountsRouter = router({
  me: visitorProcedure.output(meSchema.nullable()).query(({ ctx }) => ctx.user),

  signIn: visitorProcedure
    .input(signInSchema)
    .output(meSchema)
    .mutation(({ ctx, input }) => signIn(ctx, browserOf(ctx), input)),

  signOut: visitorProcedure.output(done).mutation(async ({ ctx }) => {
    await signOut(ctx, browserOf(ctx));
    return isDone;
  }),

  /** Makes the account and signs in to it. */
  join: visitorProcedure
    .input(joinSchema)
    .output(meSchema)
    .mutation(async ({ ctx, input }) => {
      const browser = browserOf(ctx);
      await ctx.limits.takeLink(ctx);
      await join(ctx.db, input);
      return beginSession(ctx, browser, input);
    }),

  /** Sets a password by a link of an admin, and signs in with it. */
  resetPassword: visitorProcedure
    .input(resetPasswordSchema)
    .output(meSchema)
    .mutation(async ({ ctx, input }) => {
      const browser = browserOf(ctx);
      await ctx.limits.takeLink(ctx);
      const { email } = await resetPassword(ctx.db, input);
      return beginSession(ctx, browser, { email, password: input.password });
    }),

  rename: viewerProcedure
    .input(z.object({ name: nameSchema }))
    .output(meSchema)
    .mutation(({ ctx, input }) => rename(ctx.db, ctx.user, input.name)),

  changePassword: viewerProcedure
    .input(changePasswordSchema)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      await changePassword(ctx, browserOf(ctx), { me: ctx.user, ...input });
      return isDone;
    }),

  sessions: viewerProcedure
    .output(z.array(sessionSchema))
    .query(({ ctx }) => listSessions(ctx.db, ctx.user.id, ctx.sessionId ?? null)),

  endSession: viewerProcedure
    .input(byId)
    .output(byId)
    .mutation(({ ctx, input }) => endSession(ctx.db, ctx.user.id, input.id)),

  endOtherSessions: viewerProcedure
    .output(z.object({ ended: z.number().int() }))
    .mutation(({ ctx }) => endOtherSessions(ctx.db, ctx.user.id, ctx.sessionId ?? null)),

  people: adminProcedure
    .input(cursorSchema)
    .output(pageOf(memberSchema))
    .query(({ ctx, input }) => listMembers(ctx.db, input.cursor)),

  setRole: adminProcedure
    .input(byId.extend({ role: roleSchema }))
    .output(memberSchema)
    .mutation(({ ctx, input }) => setRole(acting(ctx), input.id, input.role)),

  setDisabled: adminProcedure
    .input(byId.extend({ disabled: z.boolean() }))
    .output(memberSchema)
    .mutation(({ ctx, input }) => setDisabled(acting(ctx), input.id, input.disabled)),

  endSessionsOf: adminProcedure
    .input(byId)
    .output(memberSchema)
    .mutation(({ ctx, input }) => endSessionsOf(acting(ctx), input.id)),

  makeResetLink: adminProcedure
    .input(byId)
    .output(resetLinkSchema)
    .mutation(({ ctx, input }) => makeResetLink(ctx.db, ctx.user.id, input.id)),

  invite: adminProcedure
    .input(inviteSchema)
    .output(madeInvitationSchema)
    .mutation(({ ctx, input }) => invitations.invite(ctx.db, ctx.user.id, input)),

  invitations: adminProcedure
    .input(cursorSchema)
    .output(pageOf(invitationSchema))
    .query(({ ctx, input }) => invitations.listInvitations(ctx.db, input.cursor)),

  revokeInvitation: adminProcedure
    .input(byId)
    .output(invitationSchema)
    .mutation(({ ctx, input }) => invitations.revokeInvitation(ctx.db, ctx.user.id, input.id)),

  /** What happened to accounts, and who published which run, newest first. */
  audit: adminProcedure
    .input(z.object({ cursor: auditCursorSchema.nullish() }))
    .output(auditPageSchema)
    .query(({ ctx, input }) => listAudit(ctx.db.pool, { areas: teamAreas, cursor: input.cursor })),
});
