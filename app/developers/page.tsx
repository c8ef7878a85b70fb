import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Developers } from './developers';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('developers');
  return { title: t('title'), description: t('description') };
}

export default function DevelopersPage() {
  return <Developers />;
}
