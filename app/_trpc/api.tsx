'use client';

import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

const ApiProvider = dynamic(() => import('./provider').then((module) => module.ApiProvider));

/** Pages that come whole from the server. What in them calls the server later brings its own ApiProvider. */
const withoutCalls = /^\/leaderboard(\/|$)/;

/** The way to the server for pages that call it; its script is loaded for those alone. */
export function Api({ children }: { children: ReactNode }) {
  return withoutCalls.test(usePathname()) ? children : <ApiProvider>{children}</ApiProvider>;
}
