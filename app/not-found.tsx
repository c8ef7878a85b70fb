import type { Metadata } from 'next';
import { useTranslations } from 'next-intl';
import { getTranslations } from 'next-intl/server';
import { buttonStyle } from './_ui/button';
import { MessagePage } from './_ui/message-page';
import { PageLink } from './_ui/page-link';

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
        <PageLink href="/" className={buttonStyle({ variant: 'primary' })}>
          {t('notFound.action')}
        </PageLink>
      }
    >
      {t('notFound.text')}
    </MessagePage>
  );
}
