import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { z, ZodError } from 'zod';
import { RuntimeError } from '../../models/runtime/errors';
import { atLeast, type Role } from './schema';
import { oneLine, StudioError } from '../platform/errors/errors';
import type { Context } from './context';
import { toTrpcError } from './trpc-errors';

/** Of event streams: signs of life, and when a browser that got none comes back. */
export const sse = {
  ping: { enabled: true, intervalMs: 5000 },
  client: { reconnectAfterInactivityMs: 15_000 },
};

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  sse,
  // `reason` and `field` let the page act: mark the field, offer to wait, and so on.
  errorFormatter({ shape, error }) {
    const { cause } = error;
    const field =
      cause instanceof RuntimeError
        ? cause.field
        : cause instanceof ZodError
          ? cause.issues[0]?.path.join('.') || undefined
          : undefined;
    const own = cause instanceof StudioError ? cause : undefined;
    const reason = own ? (own.reason ?? own.code) : cause instanceof RuntimeError ? cause.code : undefined;
    const { params, retryAfterSeconds } = own ?? {};
    const message =
      cause instanceof ZodError && error.code === 'BAD_REQUEST'
        ? oneLine(z.prettifyError(cause))
        : shape.message;
    const { stack: _stack, ...data } = shape.data;
    return { ...shape, message, data: { ...data, reason, field, params, retryAfterSeconds } };
  },
});

/** Errors become what a visitor may read; the unforeseen is logged. */
const mapErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  const { error } = result;
  if (error.code !== 'INTERNAL_SERVER_ERROR' || !error.cause) return result;
  const mapped = error.cause instanceof TRPCError ? error.cause : toTrpcError(error.cause);
  if (mapped.code === 'INTERNAL_SERVER_ERROR') ctx.log.error({ err: error.cause, path }, 'procedure failed');
  throw mapped;
});

export const { router, mergeRouters } = t;
export const createCallerFactory = t.createCallerFactory;
/** Every procedure that a visitor may call. `ctx.visitorId` says who; services see only that visitor's rows. */
export const visitorProcedure = t.procedure.use(mapErrors);

/** Roles are enforced here and nowhere else: `ctx.user` is there and has the role or a higher one. */
const procedureOf = (needed: Role) =>
  visitorProcedure.use(({ ctx, next }) => {
    const { user } = ctx;
    if (!user) throw toTrpcError(new StudioError('UNAUTHENTICATED', 'Sign in first.', { reason: 'SIGN_IN' }));
    if (!atLeast(user.role, needed))
      throw toTrpcError(
        new StudioError('FORBIDDEN', `This requires the ${needed} role; yours is ${user.role}.`, {
          reason: 'ROLE_NEEDED',
          params: { needed, role: user.role },
        }),
      );
    return next({ ctx: { ...ctx, user } });
  });

/** Reads what is the team's own. */
export const viewerProcedure = procedureOf('viewer');
/** Judges samples, and starts and stops runs. */
export const reviewerProcedure = procedureOf('reviewer');
/** Decides who belongs to the team, and removes things. */
export const adminProcedure = procedureOf('admin');
