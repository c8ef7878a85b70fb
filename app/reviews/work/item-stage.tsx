import { Flag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { TaskItem } from '@/server/reviews/schema';
import type { Zoom } from '../../_viewer/use-zoom';
import { cn } from '../../_ui/cn';
import { Board } from './board';
import { ItemTools } from './item-tools';
import type { Pane } from './panes';
import { TextSide } from './text-side';

interface ItemStageProps {
  item: TaskItem;
  panes: readonly Pane[];
  zoom: Zoom;
  flicked: number | null;
  onFlick: () => void;
  onTogether: () => void;
}

/** What is judged: the prompt, the pictures, the answer. Its parts keep their places from item to item. */
export function ItemStage({ item, panes, zoom, flicked, onFlick, onTogether }: ItemStageProps) {
  const { outputs, options, answers } = item;
  const reads = options.length > 0 || answers.length > 0 || outputs.some(({ text }) => text !== null);
  return (
    <div className="flex min-h-0 min-w-0 flex-col gap-1.5">
      <Prompt item={item} />
      <div className="flex h-8 min-w-0 items-center gap-2">
        <Facts item={item} />
        {panes.length > 0 && (
          <ItemTools
            {...{ zoom, onFlick, onTogether }}
            flicks={panes.length > 1}
            flicked={flicked !== null}
          />
        )}
      </div>
      <div
        className={cn(
          'grid min-h-0 flex-1 auto-rows-[minmax(0,1fr)] gap-2',
          reads && panes.length > 0 && 'md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]',
        )}
      >
        {panes.length > 0 && <Board {...{ panes, zoom, flicked, onFlick }} prompt={item.prompt} />}
        {reads && <TextSide item={item} />}
      </div>
    </div>
  );
}

/** In characters; longer prompts are read rather than glanced at. */
const longPrompt = 120;

function Prompt({ item: { prompt, task } }: { item: TaskItem }) {
  const t = useTranslations('reviewWork');
  return (
    <div
      data-scrolls
      tabIndex={0}
      role="region"
      aria-label={t(`prompt.${task}`)}
      className="h-14 shrink-0 overflow-y-auto rounded-lg sm:h-16"
    >
      <p
        className={cn(
          'font-semibold break-words whitespace-pre-wrap',
          prompt.length > longPrompt ? 'text-sm leading-5' : 'text-lg leading-7 sm:text-xl sm:leading-8',
        )}
      >
        {prompt.trim() === '' ? <span className="text-muted font-normal">{t('noPrompt')}</span> : prompt}
      </p>
    </div>
  );
}

/** Where the item is from: its group, its model where that is told, what a visitor reported. */
function Facts({ item: { group, outputs, flag } }: { item: TaskItem }) {
  const t = useTranslations('reviewWork');
  const models = [...new Set(outputs.flatMap(({ model }) => model ?? []))];
  const facts = [group, ...models].filter((fact) => fact !== null);
  const reasons = ['wrong', 'harmful', 'rights', 'other'] as const;
  const reason = reasons.find((known) => known === flag?.reason);
  return (
    <div className="text-muted flex min-w-0 items-center gap-2 text-[13px]">
      {facts.map((fact) => (
        <span key={fact} className="bg-sunken min-w-0 truncate rounded-md px-2 leading-6">
          {fact}
        </span>
      ))}
      {flag && (
        <span
          className="bg-danger-soft text-danger flex min-w-0 items-center gap-1 rounded-md px-2 leading-6"
          title={flag.comment}
        >
          <Flag aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">
            {reason ? t(`flag.${reason}`) : flag.reason}
            {flag.comment && `: ${flag.comment}`}
          </span>
        </span>
      )}
    </div>
  );
}
