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

/** A moment as the viewer's clock shows it; the same in UTC on hover. */
export function Moment({
  at,
  seconds = false,
  className,
}: {
  at: Date;
  seconds?: boolean;
  className?: string;
}) {
  const format = useFormatter();
  const timeZone = useTimeZone();
  return (
    <time
      dateTime={at.toISOString()}
      title={`${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`}
      className={className}
    >
      {format.dateTime(at, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', timeZone })}
    </time>
  );
}
