import Link from 'next/link';
import { buttonStyle } from './_components/button';
import { MessagePage } from './_components/message-page';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <MessagePage
      title="There is no such page"
      action={
        <Link href="/" className={buttonStyle({ variant: 'primary' })}>
          Go to the demo
        </Link>
      }
    >
      The address may be mistyped, or what it showed has been deleted.
    </MessagePage>
  );
}
