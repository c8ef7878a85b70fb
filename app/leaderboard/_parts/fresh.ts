'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** How often to look whether what is being computed is done. */
const lookAgainMs = 4000;

/** Asks the server for the page anew, again and again, while something is on its way and the page is looked at. */
export function useFreshWhile(pending: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, lookAgainMs);
    return () => clearInterval(timer);
  }, [pending, router]);
}
