import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonStyle } from '../../../_ui/button';
import { MessagePage } from '../../../_ui/message-page';

export default async function NoSuchLink() {
  const t = await getTranslations('sharing.page');
  return (
    <MessagePage
      title={t('missing')}
      action={
        <Link href="/" className={buttonStyle({ variant: 'primary' })}>
          {t('home')}
        </Link>
      }
    >
      {t('missingText')}
    </MessagePage>
  );
}
