'use client';

import { useFormatter } from 'next-intl';
import { useSyncExternalStore } from 'react';

const noNews = () => () => undefined;

/** The viewer's time zone; UTC on the server, which cannot know it. */
export const useTimeZone = (): string =>
  useSyncExternalStore(
    noNews,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );

/** Writes a moment as the viewer's clock shows it. */
export function useMoment(): (at: Date) => string {
  const format = useFormatter();
  const timeZone = useTimeZone();
  return (at) => format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

/** A moment as the viewer's clock shows it; the same in UTC on hover. */
export function Moment({ at, className }: { at: Date; className?: string }) {
  const write = useMoment();
  const iso = at.toISOString();
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`} className={className}>
      {write(at)}
    </time>
  );
}
