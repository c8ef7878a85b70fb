'use client';

import { Button } from './_components/button';
import { MessagePage } from './_components/message-page';

export default function ErrorPage({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  return (
    <MessagePage
      title="This page ran into an error"
      action={
        <Button variant="primary" onClick={() => retry()}>
          Try again
        </Button>
      }
    >
      Jobs that you have started go on, and their results are kept.
      {error.digest ? ` Reference: ${error.digest}.` : ''}
    </MessagePage>
  );
}
