import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useFormContext, useWatch } from 'react-hook-form';
import { queueSourceSchema } from '@/server/reviews/schema';
import { useErrorText } from '../../_ui/error-text';
import { cn } from '../../_ui/cn';
import { useTRPC } from '../../_trpc/client';
import { sourceOf, type QueueForm } from './form';
import { useDebounced } from '../../_ui/use-debounced';

/** How many items the queue would have as the form stands, and how much work that is. */
export function SourceCount() {
  const t = useTranslations('reviews.newQueue');
  const failure = useErrorText();
  const trpc = useTRPC();
  const { control } = useFormContext<QueueForm>();
  const [from, run, pair, flags, upload, reviewsPerItem] = useWatch({
    control,
    name: ['from', 'run', 'pair', 'flags', 'upload', 'reviewsPerItem'],
  });
  const text = useDebounced(JSON.stringify(sourceOf({ from, run, pair, flags, upload })));
  const source = queueSourceSchema.safeParse(JSON.parse(text)).data;
  const asked = source && source.from !== 'upload' ? source : undefined;
  const counted = useQuery(
    trpc.reviews.sourceCount.queryOptions(
      { source: asked ?? { from: 'flags' } },
      { enabled: asked !== undefined, placeholderData: keepPreviousData, retry: false },
    ),
  );
  const sending = upload.filter(({ state }) => state === 'waiting' || state === 'sending').length;
  const items = from === 'upload' ? upload.filter(({ hash }) => hash !== null).length : counted.data?.items;
  const groups = from === 'upload' ? [] : (counted.data?.groups ?? []);
  const known = from === 'upload' ? upload.length > 0 : asked !== undefined;

  if (!known)
    return (
      <p role="status" className="text-muted text-sm leading-6">
        {from === 'flags' ? t('counting') : t(`countFirst.${from}`)}
      </p>
    );
  if (from !== 'upload' && counted.isError)
    return (
      <p role="alert" className="text-danger text-sm leading-6">
        {failure(counted.error)}
      </p>
    );
  const reviews = (items ?? 0) * (Number.isInteger(reviewsPerItem) ? reviewsPerItem : 0);
  const most = Math.max(1, ...groups.map(({ n }) => n));
  return (
    <div aria-busy={counted.isFetching}>
      <p role="status" className="flex flex-wrap items-baseline gap-x-2">
        <span className="text-lg font-semibold tabular-nums">
          {items === undefined ? t('counting') : t('count', { items })}
        </span>
        <span className={cn('text-[13px]', items === 0 ? 'text-danger' : 'text-muted')}>
          {items === 0 ? t('countNone') : reviews > 0 ? t('work', { reviews }) : null}
          {sending > 0 && <> · {t('uploading', { count: sending })}</>}
        </span>
      </p>
      {groups.length > 1 && (
        <ul
          aria-label={t('byGroup')}
          tabIndex={0}
          className="mt-2 flex max-h-40 flex-col gap-1 overflow-y-auto pr-1 text-[13px] leading-5"
        >
          {groups.map(({ name, n }) => (
            <li key={name} className="grid grid-cols-[minmax(0,1fr)_4rem_2.75rem] items-center gap-2">
              <span className="truncate">{name}</span>
              <span aria-hidden className="bg-sunken h-1.5 overflow-hidden rounded-full">
                <span
                  className="bg-accent/70 block h-full rounded-full"
                  style={{ width: `${(n / most) * 100}%` }}
                />
              </span>
              <span className="text-right tabular-nums">{n}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
