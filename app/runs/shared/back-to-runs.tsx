import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { PageLink } from '../../_ui/page-link';

/** The way back to the list, above what stands on a page of its own. */
export function BackToRuns() {
  const t = useTranslations('runs');
  return (
    <PageLink
      href="/runs"
      className="text-muted hover:text-ink inline-flex items-center gap-1.5 rounded text-sm"
    >
      <ArrowLeft aria-hidden className="size-4" /> {t('title')}
    </PageLink>
  );
}
