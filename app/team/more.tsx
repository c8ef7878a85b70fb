import { useTranslations } from 'next-intl';
import { Button } from '../_ui/button';

interface MoreProps {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** The way to the next page of a list, where there is one. */
export function More({ list }: MoreProps) {
  const t = useTranslations('accounts.team');
  if (!list.hasNextPage) return null;
  return (
    <Button
      className="mt-3"
      aria-disabled={list.isFetchingNextPage}
      onClick={() => !list.isFetchingNextPage && void list.fetchNextPage()}
    >
      {t('more')}
    </Button>
  );
}
