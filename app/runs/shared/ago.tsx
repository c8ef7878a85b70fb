import { useFormatter, useNow } from 'next-intl';
import { useFigures } from './use-figures';

const aMinute = 60_000;

/** How long ago something was; its moment on hover. */
export function Ago({ date }: { date: Date }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: aMinute });
  const { moment } = useFigures();
  // The server's clock may be ahead of the browser's.
  const then = date > now ? now : date;
  return (
    <time dateTime={date.toISOString()} title={moment(date)} suppressHydrationWarning>
      {format.relativeTime(then, now)}
    </time>
  );
}
