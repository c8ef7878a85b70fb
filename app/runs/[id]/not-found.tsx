import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonStyle } from '../../_ui/button';
import { MessagePage } from '../../_ui/message-page';

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
