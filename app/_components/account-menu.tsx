'use client';

import { useMutation } from '@tanstack/react-query';
import { CircleUser, LogOut, User, Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useRef, type ReactNode } from 'react';
import type { Me } from '@/server/accounts/schema';
import { useTRPC } from '../_trpc/client';
import { buttonStyle } from './button';
import { cn } from './cn';
import { useErrorText } from './error-text';
import { useMe } from './me';
import { PageLink } from './page-link';
import { toast } from './toaster';

/** Who is signed in, and the way out; for the public the way in. */
export function AccountMenu() {
  const me = useMe();
  return me ? <Menu me={me} /> : <SignInLink />;
}

function SignInLink() {
  const t = useTranslations('common.account');
  const path = usePathname();
  // After the sign-in one is where one was; but for the demo's page that is home anyway.
  const next = /^\/(sign-in|join|reset)?(\/|$)/.test(path) ? '' : `?next=${encodeURIComponent(path)}`;
  return (
    <a
      href={`/sign-in${next}`}
      aria-current={path === '/sign-in' ? 'page' : undefined}
      className={cn(buttonStyle({ variant: 'ghost', size: 'small' }), 'max-sm:w-8 max-sm:px-0')}
    >
      <CircleUser aria-hidden />
      <span className="max-sm:sr-only">{t('signIn')}</span>
    </a>
  );
}

/** The first letters of the first and the last word; of a name without spaces its first character. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0]);
  return letters.join('').toLocaleUpperCase() || '?';
}

const itemStyle =
  'hover:bg-sunken flex w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm [&_svg]:text-muted [&_svg]:size-4 [&_svg]:shrink-0';

function Menu({ me }: { me: Me }) {
  const t = useTranslations('common.account');
  const failure = useErrorText();
  const box = useRef<HTMLDivElement>(null);
  const role = t(`roles.${me.role}`);
  const signOut = useMutation(
    useTRPC().accounts.signOut.mutationOptions({
      // A whole new page, as somebody else.
      onSuccess: () => location.assign('/'),
      onError: (error) => toast.error(failure(error)),
    }),
  );
  const item = (href: string, children: ReactNode) => (
    <PageLink href={href} className={itemStyle} onClick={() => box.current?.hidePopover()}>
      {children}
    </PageLink>
  );
  return (
    <>
      <button
        type="button"
        popoverTarget="account-menu"
        aria-label={t('menu', { name: me.name, role })}
        className="bg-accent-soft text-accent hover:border-accent grid size-8 shrink-0 place-items-center rounded-full border border-transparent text-xs font-semibold transition-colors"
      >
        {initialsOf(me.name)}
      </button>
      <div
        ref={box}
        id="account-menu"
        popover="auto"
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
      </div>
    </>
  );
}
