import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Words } from '../_i18n/words';
import { Developers } from './developers';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('developers');
  return { title: t('title'), description: t('description') };
}

export default function DevelopersPage() {
  return (
    <Words of={['demo', 'developers', 'history']}>
      <Developers />
    </Words>
  );
}
