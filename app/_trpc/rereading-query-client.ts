import { QueryClient, type InvalidateOptions, type InvalidateQueryFilters } from '@tanstack/react-query';

/**
 * A client whose invalidated queries are read anew in every case. TanStack's own drops an answer under way only where there was
 * one before; the first answer, which may be older than the change, would be taken for the new one and stay.
 */
export class RereadingQueryClient extends QueryClient {
  override invalidateQueries(
    filters: InvalidateQueryFilters = {},
    options: InvalidateOptions = {},
  ): Promise<void> {
    const first = this.getQueryCache()
      .findAll({ ...filters, type: 'active', fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined);
    for (const query of first) void query.cancel({ revert: true });
    return super.invalidateQueries(filters, options);
  }
}
