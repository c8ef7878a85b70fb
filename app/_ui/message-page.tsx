import type { ReactNode } from 'react';
import { PageFrame } from './page-frame';

/** A whole page with one message, not found or broken, from which every other page can be reached. */
export function MessagePage(props: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <PageFrame className="flex flex-1 flex-col items-center justify-center gap-3 p-6 pb-24 text-center">
      <h2 className="text-xl font-semibold tracking-tight">{props.title}</h2>
      <p className="text-muted max-w-md text-sm leading-6 text-pretty">{props.children}</p>
      <div className="mt-2">{props.action}</div>
    </PageFrame>
  );
}
