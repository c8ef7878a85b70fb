'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { cn } from './cn';

/**
 * The frame of a table that may be wider than its place. Where it fits, nothing scrolls but the page, and what is sticky
 * in its head stays at the page's edge; where it does not, it scrolls sideways and never up and down, so that no wheel
 * and no finger gets caught in it.
 */
export function TableFrame(props: { label: string; className?: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(false);
  useEffect(() => {
    const box = frame.current;
    const table = box?.firstElementChild;
    if (!box || !(table instanceof HTMLElement)) return;
    const observer = new ResizeObserver(() => setFits(table.scrollWidth <= box.clientWidth));
    observer.observe(box);
    observer.observe(table);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={frame}
      role="region"
      aria-label={props.label}
      tabIndex={0}
      className={cn(
        'border-line relative rounded-xl border',
        // Clipped, not hidden: what hides its overflow is a scroller, and its sticky heads stay in it.
        fits ? 'overflow-clip' : 'overflow-x-auto overscroll-x-contain',
        props.className,
      )}
    >
      {props.children}
    </div>
  );
}
