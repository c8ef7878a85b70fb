import { useTranslations } from 'next-intl';
import { PageLink } from '../../_ui/page-link';
import { listHref } from '../list/url-state';

const style = 'bg-sunken text-ink inline-flex h-5 max-w-48 items-center rounded-full px-2 text-xs leading-5';

/** The tags of a run; each leads to the runs that have it too. */
export function Tags({ tags, className }: { tags: readonly string[]; className?: string }) {
  const t = useTranslations('runs');
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t('labels.tags')} className={className}>
      {tags.map((tag) => (
        <li key={tag} className="min-w-0">
          <PageLink href={`/runs${listHref({ tag })}`} className={`${style} hover:bg-line`} title={tag}>
            <span className="truncate">{tag}</span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
