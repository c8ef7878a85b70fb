import { TRPCClientError } from '@trpc/client';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';

/** A refusal of one of the plain HTTP routes. */
export class RouteError extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** Says in the page's language why something did not work; the server's own words where the page has none. */
export function useProblem(): (error: unknown) => string {
  const t = useTranslations('history.problems');
  return useCallback(
    (error: unknown) => {
      const reason =
        error instanceof TRPCClientError
          ? String(error.data?.reason ?? '')
          : error instanceof RouteError
            ? error.reason
            : '';
      if (t.has(reason as 'NOT_FOUND')) return t(reason as 'NOT_FOUND');
      return error instanceof Error ? error.message : String(error);
    },
    [t],
  );
}
