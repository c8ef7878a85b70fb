import { lazyPart } from '../../_ui/lazy-part';
import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import type { QueueDetail } from '@/server/reviews/schema';
import { Failure } from '../../_ui/failure';
import { Select } from '../../_ui/select';
import { VirtualList } from '../../_ui/virtual-list';
import { TaskLine } from './task-line';
import { useTasks } from './use-tasks';

const ItemDialog = lazyPart(() => import('./item-dialog').then((of) => of.ItemDialog));

const states = ['open', 'done', 'adjudicate', 'adjudicated', 'skipped'] as const;
const all = 'all';
/** Groups come by name; a name is told from `all` by this. */
const named = 'group:';

/** All items with what became of them. Filters and the opened item stand in the URL. */
export function ItemsTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.items');
  const common = useTranslations('common');
  const [{ state, group, item }, set] = useQueryStates({
    state: parseAsStringLiteral(states),
    group: parseAsString,
    item: parseAsString,
  });
  const { list, items, onNearEnd } = useTasks({
    queueId: queue.id,
    state: state ?? undefined,
    group: group?.slice(0, 100) ?? undefined,
  });
  const { groups } = queue;
  const total = list.data?.pages[0]?.total ?? items.length;
  const chosen = items.find(({ item: { taskId } }) => taskId === item);
  return (
    <section aria-label={t('label')}>
      <div className="flex flex-wrap items-center gap-2">
        <Select
          label={t('state')}
          value={state ?? all}
          options={[all, ...states].map((value) => ({
            value,
            label: t(`states.${value as (typeof states)[number] | 'all'}`),
          }))}
          onChange={(value) => void set({ state: states.find((one) => one === value) ?? null })}
          className="min-w-40"
        />
        {groups.length > 1 && (
          <Select
            label={t('group')}
            value={group === null ? all : named + group}
            options={[
              { value: all, label: t('allGroups') },
              ...groups.map(({ name, n }) => ({ value: named + name, label: `${name} (${n})` })),
            ]}
            onChange={(value) => void set({ group: value === all ? null : value.slice(named.length) })}
            className="min-w-40"
          />
        )}
        <p role="status" className="text-muted ml-auto text-[13px] tabular-nums">
          {list.data ? t('found', { count: total }) : common('loading')}
        </p>
      </div>
      {list.isError && items.length === 0 ? (
        <Failure className="mt-4" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && items.length === 0 ? (
        <p className="border-line text-muted mt-3 rounded-xl border border-dashed px-4 py-8 text-center text-sm">
          {t('none')}
        </p>
      ) : list.data ? (
        <div
          aria-busy={list.isFetching}
          className="border-line bg-surface mt-3 overflow-hidden rounded-xl border"
        >
          <VirtualList
            label={t('label')}
            items={items}
            keyOf={({ item: { taskId } }) => taskId}
            rowHeight={77}
            onNearEnd={onNearEnd}
            render={(row) => (
              <TaskLine row={row} queue={queue} onOpen={() => void set({ item: row.item.taskId })} />
            )}
          />
        </div>
      ) : null}
      {item && (
        <ItemDialog
          taskId={item}
          known={chosen}
          queue={queue}
          neighbours={items.map((row) => row.item.taskId)}
          onGo={(taskId) => void set({ item: taskId })}
          onClose={() => void set({ item: null })}
        />
      )}
    </section>
  );
}
