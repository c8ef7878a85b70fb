'use client';

import { useMutation } from '@tanstack/react-query';
import { LogOut, User, Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Me } from '@/server/accounts/schema';
import { sitePath } from '@/server/platform/env/site-path';
import { useTRPC } from '../_trpc/client';
import { ApiProvider } from '../_trpc/provider';
import { useErrorText } from './error-text';
import { initialsOf } from './initials';
import { NativePopover } from './native-popover';
import { PageLink } from './page-link';
import { toast } from './toaster';

const itemStyle =
  'hover:bg-sunken flex w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm [&_svg]:text-muted [&_svg]:size-4 [&_svg]:shrink-0';

const menuId = 'account-menu';

/** Account, team and the way out. Brings its own way to the server: not every page has one. */
export function TeamMenu({ me }: { me: Me }) {
  return (
    <ApiProvider>
      <Menu me={me} />
    </ApiProvider>
  );
}

function Menu({ me }: { me: Me }) {
  const t = useTranslations('common.account');
  const failure = useErrorText();
  const role = t(`roles.${me.role}`);
  const signOut = useMutation(
    useTRPC().accounts.signOut.mutationOptions({
      // A whole new page, as somebody else.
      onSuccess: () => location.assign(sitePath('/')),
      onError: (error) => toast.error(failure(error)),
    }),
  );
  const item = (href: string, children: ReactNode) => (
    <PageLink
      href={href}
      className={itemStyle}
      onClick={() => document.getElementById(menuId)?.hidePopover()}
    >
      {children}
    </PageLink>
  );
  return (
    <>
      <button
        type="button"
        popoverTarget={menuId}
        aria-label={t('menu', { name: me.name, role })}
        className="bg-accent-soft text-accent hover:border-accent grid size-8 shrink-0 place-items-center rounded-full border border-transparent text-xs font-semibold transition-colors"
      >
        {initialsOf(me.name)}
      </button>
      <NativePopover
        id={menuId}
        className="border-line bg-surface text-ink fixed inset-auto top-12 right-3 m-0 w-60 max-w-[calc(100vw-1.5rem)] rounded-xl border p-1 shadow-xl"
      >
        <div className="border-line mb-1 border-b px-2.5 pt-1.5 pb-2.5 [overflow-wrap:anywhere]">
          <p className="text-sm font-medium">{me.name}</p>
          <p className="text-muted text-[13px] leading-5">{me.email}</p>
          <p className="text-muted text-[13px] leading-5">{role}</p>
        </div>
        {item(
          '/account',
          <>
            <User aria-hidden />
            {t('account')}
          </>,
        )}
        {me.role === 'admin' &&
          item(
            '/team',
            <>
              <Users aria-hidden />
              {t('team')}
            </>,
          )}
        <button
          type="button"
          className={itemStyle}
          aria-disabled={signOut.isPending}
          onClick={() => !signOut.isPending && signOut.mutate()}
        >
          <LogOut aria-hidden />
          {t('signOut')}
        </button>
      </NativePopover>
    </>
  );
}
