'use client';

import './globals.css';

/** Replaces the root layout when that itself fails, so it needs a document of its own. */
export default function GlobalError({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body className="bg-canvas text-ink flex min-h-dvh flex-col items-center justify-center gap-4 p-6 font-sans">
        <title>Error · Nexus-Gen Studio</title>
        <h1 className="text-xl font-semibold">Nexus-Gen Studio ran into an error</h1>
        <button
          type="button"
          className="bg-accent text-on-accent h-9 rounded-lg px-4 text-sm font-medium"
          onClick={() => retry()}
        >
          Try again
        </button>
      </body>
    </html>
  );
}
