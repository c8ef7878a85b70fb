import type { Metadata } from 'next';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { getTranslations } from 'next-intl/server';
import { buttonStyle } from './_components/button';
import { MessagePage } from './_components/message-page';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  return { title: t('notFound.page') };
}

export default function NotFound() {
  const t = useTranslations('common');
  return (
    <MessagePage
      title={t('notFound.title')}
      action={
        <Link href="/" className={buttonStyle({ variant: 'primary' })}>
          {t('notFound.action')}
        </Link>
      }
    >
      {t('notFound.text')}
    </MessagePage>
  );
}
