'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { deviceOf } from '../_accounts/device';
import { Button } from '../_ui/button';
import { useErrorText } from '../_ui/error-text';
import { useMoment } from '../_ui/moment';
import { Pending } from '../_ui/pending';
import { toast } from '../_ui/toaster';
import { useTRPC } from '../_trpc/client';

/** Where one is signed in, and the way out of there. */
export function Sessions() {
  const t = useTranslations('accounts.account');
  const trpc = useTRPC();
  const cache = useQueryClient();
  const failure = useErrorText();
  const when = useMoment();
  const query = useQuery(trpc.accounts.sessions.queryOptions());
  const sessions = query.data;
  const reload = () => cache.invalidateQueries({ queryKey: trpc.accounts.sessions.queryKey() });
  const onError = (error: unknown) => {
    toast.error(failure(error));
    void reload();
  };
  // Each by itself: while one ends, another can be ended too.
  const [ending, setEnding] = useState<ReadonlySet<string>>(new Set());
  const end = useMutation(
    trpc.accounts.endSession.mutationOptions({
      onMutate: ({ id }) => setEnding((now) => new Set(now).add(id)),
      onError,
      onSettled: (_data, _error, { id }) =>
        setEnding((now) => new Set([...now].filter((other) => other !== id))),
      onSuccess: () => {
        toast.success(t('ended'));
        return reload();
      },
    }),
  );
  const endOthers = useMutation(
    trpc.accounts.endOtherSessions.mutationOptions({
      onError,
      onSuccess: ({ ended }) => {
        toast.success(t('endedOthers', { count: ended }));
        return reload();
      },
    }),
  );
  if (!sessions) return <Pending query={query} />;
  return (
    <>
      <ul
        aria-label={t('sessions')}
        className="border-line bg-surface divide-line divide-y rounded-xl border"
      >
        {sessions.map(({ id, userAgent, current, seenAt, createdAt }) => {
          const known = deviceOf(userAgent);
          const device = known ? t('device', known) : t('unknownDevice');
          return (
            <li key={id} className="flex min-h-15 items-center gap-3 py-2.5 pr-2.5 pl-4">
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap items-baseline gap-x-2.5 text-sm font-medium">
                  {device}
                  {current && <span className="text-accent text-[13px]">{t('here')}</span>}
                </p>
                <p className="text-muted mt-0.5 text-[13px] leading-5">
                  {t('seen', { when: when(seenAt) })}
                  {' · '}
                  {t('since', { when: when(createdAt) })}
                </p>
              </div>
              {!current && (
                <Button
                  variant="ghost"
                  size="small"
                  aria-label={t('endNamed', { device })}
                  aria-disabled={ending.has(id)}
                  onClick={() => !ending.has(id) && end.mutate({ id })}
                >
                  <LogOut aria-hidden />
                  {t('end')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {sessions.length > 1 && (
        <Button
          className="mt-3"
          aria-disabled={endOthers.isPending}
          onClick={() => !endOthers.isPending && endOthers.mutate()}
        >
          {t('endOthers')}
        </Button>
      )}
    </>
  );
}
