'use client';

import { useTranslations } from 'next-intl';
import { Button } from './_ui/button';
import { MessagePage } from './_ui/message-page';

export default function ErrorPage({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  const t = useTranslations('common');
  return (
    <MessagePage
      title={t('broken.title')}
      action={
        <Button variant="primary" onClick={() => retry()}>
          {t('retry')}
        </Button>
      }
    >
      {t('broken.text')}
      {error.digest ? ` ${t('broken.reference', { digest: error.digest })}` : ''}
    </MessagePage>
  );
}
