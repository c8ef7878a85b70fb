import { Globe, Lock, Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { Visibility } from '@/server/evaluation/labels';

export const visibilityIcons = { private: Lock, team: Users, published: Globe };

/** Who may read a run, in a word and a sign. */
export function VisibilityBadge({ visibility }: { visibility: Visibility }) {
  const t = useTranslations('runs.visibility');
  const Icon = visibilityIcons[visibility];
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap" title={t(`hints.${visibility}`)}>
      <Icon aria-hidden className="size-3" /> {t(visibility)}
    </span>
  );
}
