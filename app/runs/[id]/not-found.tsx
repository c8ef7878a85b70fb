import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonStyle } from '../../_components/button';
import { MessagePage } from '../../_components/message-page';

export default async function RunNotFound() {
  const t = await getTranslations('runs.gone');
  return (
    <MessagePage
      title={t('title')}
      action={
        <Link href="/runs" className={buttonStyle({ variant: 'primary' })}>
          {t('action')}
        </Link>
      }
    >
      {t('text')}
    </MessagePage>
  );
}
