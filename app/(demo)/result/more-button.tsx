import { Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { IconButton } from '../../_ui/button';

/** The button of a result's menu. */
export function MoreButton(props: Partial<ComponentProps<typeof IconButton>>) {
  const t = useTranslations('results.actions');
  return (
    <IconButton {...props} label={t('more')} className="tip-end">
      <Ellipsis aria-hidden />
    </IconButton>
  );
}
