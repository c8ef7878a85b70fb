'use client';

import { useRouter } from 'next/navigation';
import type { ComponentProps, MouseEvent } from 'react';
import { sitePath } from '@/server/platform/env/site-path';

/** A link within the site to a path without the base, without next/link's prefetching and its 6 kB of script. */
export function PageLink({ href, onClick, ...props }: ComponentProps<'a'> & { href: string }) {
  const router = useRouter();
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    router.push(href);
  }
  return <a href={sitePath(href)} onClick={follow} {...props} />;
}
