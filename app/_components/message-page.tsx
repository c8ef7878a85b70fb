import type { ReactNode } from 'react';
import { Logo } from './logo';

/** A whole page with one message: not found, broken. */
export function MessagePage(props: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-3 p-6 text-center">
      <Logo className="mb-2 size-10" />
      <h1 className="text-xl font-semibold tracking-tight">{props.title}</h1>
      <p className="text-muted max-w-md text-sm leading-6 text-pretty">{props.children}</p>
      <div className="mt-2">{props.action}</div>
    </main>
  );
}
