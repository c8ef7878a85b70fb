'use client';

import { CircleUser } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import { sitePath } from '@/server/platform/env/site-path';
import { buttonStyle } from './button';
import { cn } from './cn';
import { useMe } from './current-user';

/** Only the team needs it, and with it the way to the server. */
const TeamMenu = dynamic(() => import('./team-menu').then((module) => module.TeamMenu));

/** Who is signed in, and the way out; for the public the way in. */
export function AccountMenu() {
  const me = useMe();
  return me ? <TeamMenu me={me} /> : <SignInLink />;
}

function SignInLink() {
  const t = useTranslations('common.account');
  const path = usePathname();
  // After the sign-in one is where one was; but for the demo's page that is home anyway.
  const next = /^\/(sign-in|join|reset)?(\/|$)/.test(path) ? '' : `?next=${encodeURIComponent(path)}`;
  return (
    <a
      href={sitePath(`/sign-in${next}`)}
      aria-current={path === '/sign-in' ? 'page' : undefined}
      className={cn(buttonStyle({ variant: 'ghost', size: 'small' }), 'max-sm:w-8 max-sm:px-0')}
    >
      <CircleUser aria-hidden />
      <span className="max-sm:sr-only">{t('signIn')}</span>
    </a>
  );
}
