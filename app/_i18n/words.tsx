import { NextIntlClientProvider } from 'next-intl';
import { getMessages } from 'next-intl/server';
import type { ReactNode } from 'react';
import type { Messages } from './messages';

type Namespace = keyof Messages;

/** What the frame of every page says. */
const everywhere: readonly Namespace[] = ['common', 'errors'];

/** Gives the words of some namespaces to the page's own script; the others stay on the server. */
export async function Words({ of, children }: { of: readonly Namespace[]; children: ReactNode }) {
  const all = await getMessages();
  const messages = Object.fromEntries([...everywhere, ...of].map((name) => [name, all[name]]));
  return <NextIntlClientProvider messages={messages}>{children}</NextIntlClientProvider>;
}
