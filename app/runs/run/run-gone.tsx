import { useTranslations } from 'next-intl';
import { buttonStyle } from '../../_ui/button';
import { PageLink } from '../../_ui/page-link';

/** The run was removed while its page was open. */
export function RunGone() {
  const t = useTranslations('runs');
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-24 text-center">
      <h2 className="text-xl font-semibold tracking-tight">{t('gone.title')}</h2>
      <p className="text-muted max-w-md text-sm leading-6 text-pretty">{t('gone.text')}</p>
      <PageLink href="/runs" className={buttonStyle({ variant: 'primary', className: 'mt-2' })}>
        {t('gone.action')}
      </PageLink>
    </div>
  );
}
