'use client';

import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { roles, type Member, type ResetLink } from '@/server/accounts/schema';
import { initialsOf } from '../_ui/initials';
import { IconButton } from '../_ui/button';
import { cn } from '../_ui/cn';
import { useErrorText } from '../_ui/error-text';
import { useMe } from '../_ui/current-user';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../_ui/menu';
import { Moment, useMoment } from '../_ui/moment';
import { Pending } from '../_ui/pending';
import { Select } from '../_ui/select';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';
import { nextPage } from '../_trpc/next-page';
import { Confirm, type Act } from './confirm';
import { LinkBox } from './link-box';
import { More } from './more';
import { useReload } from './reload';

interface Wanted {
  act: Act;
  member: Member;
}

/** Who belongs to the team, and what admins can do about it. */
export function People() {
  const t = useTranslations('accounts.team');
  const trpc = useTRPC();
  const list = useInfiniteQuery(trpc.accounts.people.infiniteQueryOptions({}, nextPage));
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [link, setLink] = useState<(ResetLink & { member: Member }) | null>(null);
  if (!list.data) return <Pending query={list} />;
  return (
    <>
      <ul aria-label={t('people')} className="border-line bg-surface divide-line divide-y rounded-xl border">
        {list.data.pages
          .flatMap((page) => page.items)
          .map((member) => (
            <Line key={member.id} member={member} onWant={(act) => setWanted({ act, member })} />
          ))}
      </ul>
      <More list={list} />
      {link && (
        <LinkBox
          key={link.token}
          title={t('resetMade', { name: link.member.name })}
          path={`/reset/${link.token}`}
          onDone={() => setLink(null)}
        >
          {t.rich('resetMadeText', {
            name: link.member.name,
            time: () => <Moment at={link.expiresAt} />,
          })}
        </LinkBox>
      )}
      <Confirm wanted={wanted} onClose={() => setWanted(null)} onLink={setLink} />
    </>
  );
}

function Line({ member, onWant }: { member: Member; onWant: (act: Act) => void }) {
  const t = useTranslations('accounts');
  const me = useMe();
  const when = useMoment();
  const failure = useErrorText();
  const reload = useReload();
  const { id, name, email, role, disabledAt, seenAt, sessions } = member;
  const trpc = useTRPC().accounts;
  const setRole = useMutation(
    trpc.setRole.mutationOptions({
      // Chosen again while the first is on its way: one after the other, the last counts.
      scope: { id: `role ${id}` },
      onSuccess: (changed) => {
        toast.success(t('team.roleChanged', { name, role: t(`roles.${changed.role}`) }));
        // This page is an admin's: who made themselves another is shown what they may see now.
        if (id === me?.id) location.reload();
      },
      onError: (error) => toast.error(failure(error)),
      onSettled: reload,
    }),
  );
  const wanted = setRole.isPending ? setRole.variables.role : role;
  const enable = useMutation(
    trpc.setDisabled.mutationOptions({
      onSuccess: () => toast.success(t('team.wasEnabled', { name })),
      onError: (error) => toast.error(failure(error)),
      onSettled: reload,
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5 pr-2.5 pl-4">
      <span
        aria-hidden
        className={cn(
          'grid size-8 shrink-0 place-items-center rounded-full text-xs font-semibold',
          disabledAt ? 'bg-sunken text-muted' : 'bg-accent-soft text-accent',
        )}
      >
        {initialsOf(name)}
      </span>
      <div className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <span className={cn('font-medium', disabledAt && 'text-muted')}>{name}</span>
          {id === me?.id && <span className="text-accent text-[13px]">{t('team.you')}</span>}
          {disabledAt && <span className="text-danger text-[13px]">{t('team.disabled')}</span>}
        </p>
        <p className="text-muted text-[13px] leading-5">{email}</p>
        <p className="text-muted text-[13px] leading-5">
          {seenAt ? t('team.seen', { when: when(seenAt) }) : t('team.never')}
          {sessions > 0 && ` · ${t('team.sessions', { count: sessions })}`}
        </p>
      </div>
      <div className="ml-auto flex items-center gap-1">
        <Select
          label={t('team.role', { name })}
          value={wanted}
          options={roles.map((value) => ({ value, label: t(`roles.${value}`) }))}
          onChange={(next) => next !== wanted && setRole.mutate({ id, role: next })}
          className="w-32"
        />
        <Menu>
          <MenuTrigger asChild>
            <IconButton label={t('team.actions', { name })} className="tip-end">
              <Ellipsis aria-hidden />
            </IconButton>
          </MenuTrigger>
          <MenuContent>
            <MenuItem disabled={sessions === 0} onSelect={() => onWant('endSessions')}>
              {t('team.endSessions')}
            </MenuItem>
            <MenuItem disabled={disabledAt !== null} onSelect={() => onWant('resetLink')}>
              {t('team.resetLink')}
            </MenuItem>
            {disabledAt ? (
              <MenuItem onSelect={() => !enable.isPending && enable.mutate({ id, disabled: false })}>
                {t('team.enable')}
              </MenuItem>
            ) : (
              <MenuItem danger onSelect={() => onWant('disable')}>
                {t('team.disable')}
              </MenuItem>
            )}
          </MenuContent>
        </Menu>
      </div>
    </li>
  );
}
