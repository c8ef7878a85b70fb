import { QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime';
import { createTranslator, NextIntlClientProvider } from 'next-intl';
import { NuqsTestingAdapter } from 'nuqs/adapters/testing';
import type { ReactElement, ReactNode } from 'react';
import en from '../../app/_i18n/en';
import type { Locale } from '../../app/_i18n/locale';
import { messagesOf } from '../../app/_i18n/messages';
import { TRPCProvider } from '../../app/_trpc/client';
import { RereadingQueryClient } from '../../app/_trpc/rereading-query-client';
import { MeProvider } from '../../app/_ui/current-user';
import type { Me } from '../../server/accounts/schema';
import type { AppRouter } from '../../server/api/root';

const zh = await messagesOf('zh');

/** What the page says in English, by its key: a test holds what is said when, and not how it is worded. */
export const words = createTranslator({ locale: 'en', messages: en });

/** What the server answers to a procedure, by its path. One that is not named never answers. */
export type Answers = Record<string, (input: never) => unknown>;

/** A refusal as the server words it, for an answer to throw. */
export class Refusal extends Error {
  constructor(readonly data: Record<string, unknown>) {
    super(String(data.message ?? data.reason));
  }
}

interface Options {
  /** What the server answers. */
  server?: Answers;
  locale?: Locale;
  /** Who is signed in. */
  me?: Me | null;
  /** The query of the address, e.g. `?q=nano`. */
  address?: string;
}

/** A component in everything that the pages stand in, with a server of the test's own. */
export function show(
  element: ReactElement,
  { server = {}, locale = 'en', me = null, address = '' }: Options = {},
) {
  const calls: { path: string; input: unknown }[] = [];
  const addresses: string[] = [];
  const link: TRPCLink<AppRouter> =
    () =>
    ({ op: { path, input } }) =>
      observable((observer) => {
        calls.push({ path, input });
        const answer = server[path];
        if (!answer) return;
        void Promise.resolve()
          .then(() => answer(input as never))
          .then(
            (data) => {
              observer.next({ result: { type: 'data', data } });
              observer.complete();
            },
            (error: unknown) => {
              const { data, message } = error as Refusal;
              observer.error(TRPCClientError.from({ error: { code: -32_000, message, data } } as never));
            },
          );
      });
  const trpcClient = createTRPCClient<AppRouter>({ links: [link] });
  const queryClient = new RereadingQueryClient({ defaultOptions: { queries: { retry: false } } });
  const Frame = ({ children }: { children: ReactNode }) => (
    <AppRouterContext value={noRouter}>
      <NuqsTestingAdapter
        searchParams={address}
        hasMemory
        onUrlUpdate={({ queryString }) => addresses.push(queryString)}
      >
        <NextIntlClientProvider locale={locale} messages={locale === 'zh' ? zh : en} timeZone="UTC">
          <MeProvider me={me}>
            <QueryClientProvider client={queryClient}>
              <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
                {children}
              </TRPCProvider>
            </QueryClientProvider>
          </MeProvider>
        </NextIntlClientProvider>
      </NuqsTestingAdapter>
    </AppRouterContext>
  );
  return {
    ...render(element, { wrapper: Frame }),
    user: userEvent.setup(),
    /** What was asked of the server, in order. */
    calls,
    /** What was asked of one procedure. */
    sent: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input),
    /** The query of the address after each change. */
    addresses,
  };
}

/** No component of a test leads to another page. */
const noRouter = {
  ...{ back: () => undefined, forward: () => undefined, refresh: () => undefined },
  ...{ push: () => undefined, replace: () => undefined, prefetch: () => undefined },
} as unknown as React.ContextType<typeof AppRouterContext>;
