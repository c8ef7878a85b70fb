import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { useEffect, useRef, useState } from 'react';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { cn } from '../../_ui/cn';
import { Failure } from '../../_ui/failure';
import { Thumbnail } from '../../_ui/images/thumbnail';
import type { Kept } from './decide-form';
import { ItemReviews } from './item-reviews';
import { ItemView } from './item-view';
import { Settle } from './settle';
import { useTasks } from './use-tasks';

/** Items on which reviewers are far apart, one at a time: their reviews beside each other, and the decision. */
export function AdjudicationTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.adjudication');
  const common = useTranslations('common');
  const [wanted, setWanted] = useQueryState('item', parseAsString);
  const { list, items, onNearEnd } = useTasks({ queueId: queue.id, state: 'adjudicate' }, { limit: 30 });
  const place = useRef<HTMLDivElement>(null);
  const found = items.findIndex(({ item }) => item.taskId === wanted);
  const at = Math.max(0, found);
  const row = items[at];
  const [kept] = useState<Kept>(() => new Map());
  /** What I settled last: that it is gone is no news to me. */
  const [settled, setSettled] = useState<string | null>(null);
  const latest = useRef(wanted);
  useEffect(() => {
    latest.current = wanted;
  }, [wanted]);

  const go = (index: number) => {
    const next = items[index];
    if (!next) return;
    void setWanted(next.item.taskId);
    if (index >= items.length - 5) onNearEnd();
  };
  const onSettled = async (taskId: string) => {
    const next = items[at + 1] ?? items[at - 1];
    setSettled(taskId);
    const { data } = await list.refetch();
    // A change may leave them apart; and whoever went on meanwhile stays where they are.
    const isThere = data?.pages.some((page) => page.items.some(({ item }) => item.taskId === taskId));
    if (isThere || latest.current !== wanted) return;
    await setWanted(next?.item.taskId ?? null);
    // Where there is no form any more, what took its place is read.
    if (!next) place.current?.focus();
  };

  if (list.isError && items.length === 0)
    return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data)
    return (
      <p role="status" className="text-muted text-sm">
        {common('loading')}
      </p>
    );
  if (!row)
    return (
      <div
        ref={place}
        tabIndex={-1}
        className="border-line rounded-xl border border-dashed px-4 py-8 text-center outline-none"
      >
        <p role="status" className="text-sm font-medium">
          {t('none')}
        </p>
        <p className="text-muted mx-auto mt-1 max-w-prose text-sm leading-6 text-pretty">{t('when')}</p>
      </div>
    );
  const isGone = wanted !== null && found < 0 && wanted !== settled;
  return (
    <div className="grid gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <nav aria-label={t('items')} className="min-w-0">
        <p role="status" className="text-muted text-[13px] leading-5">
          {t('left', { count: Math.max(items.length, queue.adjudicate) })}
        </p>
        <ul className="mt-1.5 flex gap-1 overflow-x-auto p-0.5 lg:max-h-[70dvh] lg:flex-col lg:overflow-y-auto">
          {items.map((one, index) => (
            <li key={one.item.taskId} className="shrink-0">
              <Choice row={one} current={index === at} onChoose={() => go(index)} />
            </li>
          ))}
        </ul>
      </nav>
      <div
        ref={place}
        tabIndex={-1}
        role="group"
        aria-label={t('item', { number: row.item.position + 1 })}
        className="grid min-w-0 items-start gap-x-6 gap-y-5 outline-none md:grid-cols-2"
      >
        <ItemView row={row} />
        <div className="flex min-w-0 flex-col gap-4">
          <ItemReviews row={row} queue={queue} />
          {isGone && (
            <p role="status" className="bg-sunken rounded-lg px-3 py-2 text-[13px] leading-5">
              {t('gone')}
            </p>
          )}
          <Settle
            {...{ row, queue, kept, onSettled }}
            focus={wanted !== null}
            onStep={(step) => go(at + step)}
          />
        </div>
      </div>
    </div>
  );
}

function Choice({ row, current, onChoose }: { row: TaskRow; current: boolean; onChoose: () => void }) {
  const t = useTranslations('reviewResults.adjudication');
  const { item } = row;
  const picture = item.outputs.find((output) => output.picture)?.picture;
  return (
    <button
      type="button"
      aria-current={current ? 'true' : undefined}
      aria-label={t('open', { number: item.position + 1, prompt: item.prompt })}
      onClick={onChoose}
      className={cn(
        'flex w-full items-center gap-2 rounded-lg border p-1 text-left transition-colors',
        current ? 'border-accent bg-accent-soft' : 'hover:bg-sunken border-transparent',
      )}
    >
      {picture ? (
        <Thumbnail image={picture} className="size-10 shrink-0 rounded-md" />
      ) : (
        <span aria-hidden className="bg-sunken size-10 shrink-0 rounded-md" />
      )}
      <span className="line-clamp-2 min-w-0 pr-1 text-[13px] leading-[18px] max-lg:hidden">
        {item.prompt}
      </span>
    </button>
  );
}
