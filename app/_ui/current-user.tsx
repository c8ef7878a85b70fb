'use client';

import { createContext, use, type ReactNode } from 'react';
import type { Me } from '@/server/accounts/schema';

const MeContext = createContext<Me | null>(null);

/** Who is signed in, as the server that made the page knows it. */
export function MeProvider({ me, children }: { me: Me | null; children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** @returns null for the public */
export const useMe = (): Me | null => use(MeContext);
