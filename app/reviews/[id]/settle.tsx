import { useTranslations } from 'next-intl';
import type { QueueDetail, TaskRow } from '@/server/reviews/schema';
import { useMe } from '../../_ui/current-user';
import { voicesOf } from './reviewer-history';
import { DecideForm, type DecideFormProps } from './decide-form';
import { exitsOf } from './exits';

interface SettleProps extends Pick<DecideFormProps, 'kept' | 'focus' | 'onStep'> {
  row: TaskRow;
  queue: QueueDetail;
  /** @param taskId what was decided or changed */
  onSettled: (taskId: string) => Promise<void>;
}

/** What somebody can do about an item that waits: decide, change their own answer, or who else can. */
export function Settle({ row, queue, kept, focus, onSettled, onStep }: SettleProps) {
  const t = useTranslations('reviewResults.adjudication');
  const me = useMe();
  const exits = me && exitsOf(row, queue, me);
  if (!exits) return null;
  const { decide, discuss, why } = exits;
  const said = voicesOf(row.reviews).find(({ reviewer }) => reviewer.id === me.id)?.current?.answers ?? null;
  const common = { row, queue, kept, onStep, onDone: () => onSettled(row.item.taskId) };
  const { taskId } = row.item;
  const change = discuss && said && (
    <DecideForm key={`change ${taskId}`} act="change" initial={said} focus={focus && !decide} {...common} />
  );
  return (
    <>
      {(why || decide === 'asReviewer') && (
        <p className="border-line text-muted rounded-xl border border-dashed p-4 text-sm leading-6 text-pretty">
          {t(why ?? 'asReviewer')}
        </p>
      )}
      {decide && <DecideForm key={`decide ${taskId}`} act="decide" focus={focus} {...common} />}
      {decide && change ? (
        <details>
          <summary className="text-muted cursor-pointer rounded text-sm">{t('changeInstead')}</summary>
          <div className="mt-2">{change}</div>
        </details>
      ) : (
        change
      )}
    </>
  );
}
