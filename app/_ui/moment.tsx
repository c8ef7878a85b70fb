'use client';

import { useFormatter } from 'next-intl';
import { useCallback } from 'react';
import { useBrowserValue } from './use-browser-value';

/** The viewer's time zone; UTC on the server, which cannot know it. */
export const useTimeZone = (): string =>
  useBrowserValue(() => Intl.DateTimeFormat().resolvedOptions().timeZone, 'UTC');

/** Writes a moment as the viewer's clock shows it. The function stays the same while it writes the same. */
export function useMoment({ seconds = false }: { seconds?: boolean } = {}): (at: Date) => string {
  const format = useFormatter();
  const timeZone = useTimeZone();
  return useCallback(
    (at) => format.dateTime(at, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', timeZone }),
    [format, timeZone, seconds],
  );
}

/** A moment as the viewer's clock shows it; the same in UTC on hover. */
export function Moment(props: { at: Date; seconds?: boolean; className?: string }) {
  const { at, seconds, className } = props;
  const write = useMoment({ seconds });
  const iso = at.toISOString();
  return (
    <time dateTime={iso} title={`${iso.slice(0, 19).replace('T', ' ')} UTC`} className={className}>
      {write(at)}
    </time>
  );
}
