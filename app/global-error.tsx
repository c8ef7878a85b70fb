'use client';

import './globals.css';

/** Replaces the root layout when that itself fails, so it needs a document of its own. */
export default function GlobalError({ retry }: { retry: () => void }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col items-center justify-center gap-4 bg-canvas p-6 font-sans text-ink">
        <title>Error · Nexus-Gen Studio</title>
        <h1 className="text-xl font-semibold">Nexus-Gen Studio ran into an error</h1>
        <button
          type="button"
          className="h-9 rounded-lg bg-accent px-4 text-sm font-medium text-on-accent"
          onClick={() => retry()}
        >
          Try again
        </button>
      </body>
    </html>
  );
}
