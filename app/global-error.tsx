'use client';

import { chooseLocale, failureWords, localeCookie, type Locale } from './_i18n/locale';
import './globals.css';

function readLocale(): Locale {
  if (typeof document === 'undefined') return 'en';
  const cookie = document.cookie.split('; ').find((pair) => pair.startsWith(`${localeCookie}=`));
  return chooseLocale(cookie?.slice(localeCookie.length + 1), navigator.languages.join(','));
}

/** Replaces the root layout when that itself fails, so it needs a document and words of its own. */
export default function GlobalError({ retry }: { retry: () => void }) {
  const locale = readLocale();
  const { title, text, retry: again } = failureWords(locale);
  return (
    <html lang={locale}>
      <body
        className="bg-canvas text-ink flex min-h-dvh flex-col items-center justify-center gap-4 p-6 font-sans"
        // As page-body.tsx does: presses reach this page.
        onGotPointerCaptureCapture={(event) => event.preventDefault()}
      >
        <title>{title}</title>
        <h1 className="text-xl font-semibold">{text}</h1>
        <button
          type="button"
          className="bg-accent text-on-accent h-9 rounded-lg px-4 text-sm font-medium"
          onClick={() => retry()}
        >
          {again}
        </button>
      </body>
    </html>
  );
}
