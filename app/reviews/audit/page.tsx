import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { readAudit } from '@/server/api/web/reviews-view';
import { Words } from '../../_i18n/words';
import { AuditList } from '../_parts/audit-list';
import { Frame } from '../_parts/frame';
import { requireTeam } from '../require-team';

export const dynamic = 'force-dynamic';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('reviewResults.audit');
  return { title: t('title') };
}

export default async function AuditPage() {
  await requireTeam('/reviews/audit');
  const t = await getTranslations('reviewResults.audit');
  const words = await getTranslations('reviews');
  return (
    <Words of={['reviews', 'reviewResults']}>
      <Frame title={t('title')} lead={t('lead')} back={{ href: '/reviews', label: words('back') }}>
        <div className="mt-5">
          <AuditList first={await readAudit()} />
        </div>
      </Frame>
    </Words>
  );
}
