'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Invitation } from '@/server/accounts/schema';
import { Button } from '../_ui/button';
import { cn } from '../_ui/cn';
import { useErrorText } from '../_ui/error-text';
import { useMoment } from '../_ui/moment';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';
import { nextPage } from '../_trpc/next-page';
import { Pending } from '../_ui/pending';
import { More } from './more';
import { useReload } from './reload';

/** All links that were made, and what came of them. */
export function Invitations() {
  const t = useTranslations('accounts.team');
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.accounts.invitations.infiniteQueryOptions({}, nextPage));
  if (!list.data) return <Pending query={list} />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="text-muted text-sm">{t('noInvitations')}</p>;
  return (
    <>
      <ul
        aria-label={t('invitations')}
        className="border-line bg-surface divide-line divide-y rounded-xl border"
      >
        {items.map((invitation) => (
          <Line key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      <More list={list} />
    </>
  );
}

function Line({ invitation }: { invitation: Invitation }) {
  const t = useTranslations('accounts');
  const when = useMoment();
  const failure = useErrorText();
  const reload = useReload();
  const { id, role, email, state, invitedBy, usedBy, createdAt, usedAt, expiresAt } = invitation;
  const revoke = useMutation(
    useTRPC().accounts.revokeInvitation.mutationOptions({
      onSuccess: () => toast.success(t('team.revoked')),
      onError: (error) => toast.error(failure(error)),
      onSettled: reload,
    }),
  );
  const [named, created] = [t(`roles.${role}`), when(createdAt)];
  return (
    <li className="flex min-h-15 items-center gap-3 py-2.5 pr-2.5 pl-4">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm [overflow-wrap:anywhere]">
          <span className="font-medium">{named}</span>
          <span className="text-muted">{email ? t('team.for', { email }) : t('team.forAnybody')}</span>
          <span className={cn('text-[13px]', state === 'open' ? 'text-accent font-medium' : 'text-muted')}>
            {t(`team.states.${state}`)}
          </span>
        </p>
        <p className="text-muted mt-0.5 text-[13px] leading-5">
          {invitedBy ? t('team.by', { name: invitedBy.name }) : t('team.byServer')}
          {' · '}
          {state === 'used' && usedBy && usedAt
            ? t('team.usedBy', { name: usedBy.name, when: when(usedAt) })
            : state === 'open'
              ? t('team.until', { when: when(expiresAt) })
              : created}
        </p>
      </div>
      {state === 'open' && (
        <Button
          variant="ghost"
          size="small"
          aria-label={t('team.revokeNamed', { role: named, when: created })}
          aria-disabled={revoke.isPending}
          onClick={() => !revoke.isPending && revoke.mutate({ id })}
        >
          {t('team.revoke')}
        </Button>
      )}
    </li>
  );
}
