'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { roleSchema } from '@/server/accounts/schema';
import type { AuditEvent } from '@/server/platform/audit/schema';
import { visibilitySchema } from '@/server/evaluation/labels';
import { Moment } from '../_ui/moment';
import { useTRPC } from '../_trpc/client';
import { nextPage } from '../_trpc/next-page';
import { Pending } from '../_ui/pending';
import { More } from './more';

/** What happened to accounts, newest first. */
export function Audit() {
  const t = useTranslations('accounts.team');
  const trpc = useTRPC();
  const say = useEventText();
  const list = useInfiniteQuery(trpc.accounts.audit.infiniteQueryOptions({}, nextPage));
  if (!list.data) return <Pending query={list} />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="text-muted text-sm">{t('noAudit')}</p>;
  return (
    <>
      <ol aria-label={t('audit')} className="border-line bg-surface divide-line divide-y rounded-xl border">
        {items.map((event) => (
          <li
            key={event.id}
            className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-2 text-sm leading-6 [overflow-wrap:anywhere]"
          >
            <span className="min-w-0">
              <span className="font-medium">{event.who?.name ?? t('server')}</span> {say(event)}
            </span>
            <Moment at={event.at} className="text-muted text-[13px]" />
          </li>
        ))}
      </ol>
      <More list={list} />
    </>
  );
}

/** An event in words; one that this page does not know by its name. */
function useEventText(): (event: AuditEvent) => string {
  const t = useTranslations('accounts');
  return ({ what, details }) => {
    const key = `team.what.${what.replace(/^account\./, '').replace('.', '_')}`;
    if (!t.has(key as never)) return what;
    const role = (value: unknown) => {
      const { data } = roleSchema.safeParse(value);
      return data ? t(`roles.${data}`) : '';
    };
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const visibility = (value: unknown) => {
      const { data } = visibilitySchema.safeParse(value);
      return data ? t(`team.visibility.${data}`) : '';
    };
    return t(
      key as 'team.what.role',
      {
        role: role(details.role),
        from: role(details.from) || visibility(details.from),
        to: role(details.to) || visibility(details.to),
        run: text(details.title),
        name: text(details.name),
        email: text(details.email) || 'none',
      } as never,
    );
  };
}
