import { Wand } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ComponentProps } from 'react';
import { IconButton } from '../../_ui/button';
import { useDraft } from '../../_request/draft';

/** The button that has a prompt polished; with an empty one there is nothing to do. */
export function WandButton(props: Partial<ComponentProps<typeof IconButton>>) {
  const t = useTranslations('polishing');
  const empty = useDraft().prompt.trim() === '';
  return (
    <IconButton
      {...props}
      label={t('button')}
      className="tip-end data-[state=open]:after:hidden"
      aria-disabled={empty}
    >
      <Wand aria-hidden />
    </IconButton>
  );
}
