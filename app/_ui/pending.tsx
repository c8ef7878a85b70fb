import { useTranslations } from 'next-intl';
import { Failure } from './failure';

interface PendingProps {
  query: { isError: boolean; error: unknown; refetch: () => unknown };
}

/** In place of what is not read yet: a word, or why it could not be read and the way to ask again. */
export function Pending({ query }: PendingProps) {
  const common = useTranslations('common');
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <p role="status" className="text-muted text-sm">
      {common('loading')}
    </p>
  );
}
