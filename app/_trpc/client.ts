import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import superjson from 'superjson';
import type { AppRouter } from '@/server/api/root';
import { sitePath } from '@/server/platform/env/site-path';
import { fetchAsVisitor, streamParameters } from './site-fetch';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const url = sitePath('/api/trpc');

export const makeApiClient = () =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: splitLink({
          condition: () => streamParameters() !== null,
          true: httpSubscriptionLink({ url, transformer: superjson, connectionParams: streamParameters }),
          false: httpSubscriptionLink({ url, transformer: superjson }),
        }),
        false: httpBatchLink({
          url,
          transformer: superjson,
          maxURLLength: 4000,
          fetch: (input, init) =>
            fetchAsVisitor(input instanceof Request ? input.url : input.toString(), init as RequestInit),
        }),
      }),
    ],
  });
