import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { headers } from 'next/headers';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { nonceHeader } from '@/server/start/headers.mjs';
import { readWho } from '@/server/api/web/current-user';
import { earlyScript } from './_ui/early-input';
import { MeProvider } from './_ui/current-user';
import { noEvalScript } from './_ui/no-eval';
import { PageBody } from './_ui/page-body';
import { themeScript } from './_ui/theme';
import { Toaster } from './_ui/toaster';
import { Words } from './_i18n/words';
import { Api } from './_trpc/api';
import './globals.css';

const inter = localFont({
  src: '../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  variable: '--font-inter',
  weight: '100 900',
  display: 'swap',
});

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  return {
    title: { default: t('product'), template: `%s · ${t('product')}` },
    description: t('description'),
  };
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f6f4' },
    { media: '(prefers-color-scheme: dark)', color: '#101312' },
  ],
  interactiveWidget: 'resizes-content',
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, who, head] = await Promise.all([getLocale(), readWho(), headers()]);
  const me = who?.user ?? null;
  // app/_trpc/site-fetch.ts
  const visitor = who && !who.isNew ? 'known' : undefined;
  return (
    // The script sets data-theme and data-kept before React starts: they differ from the server's on purpose.
    <html lang={locale} className={inter.variable} data-visitor={visitor} suppressHydrationWarning>
      <head>
        {/* Browsers hide the nonce of a script from the page. */}
        <script
          nonce={head.get(nonceHeader) ?? undefined}
          dangerouslySetInnerHTML={{ __html: `${noEvalScript};${themeScript};${earlyScript}` }}
          suppressHydrationWarning
        />
      </head>
      <PageBody>
        <Words of={[]}>
          <MeProvider me={me}>
            <Api>{children}</Api>
          </MeProvider>
          <Toaster />
        </Words>
      </PageBody>
    </html>
  );
}
