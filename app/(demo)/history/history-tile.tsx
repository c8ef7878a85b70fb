import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { isFinished } from '../result/job-events';
import { Thumbnail } from '../../_ui/images/thumbnail';

interface TileProps {
  generation: GenerationView;
  selecting: boolean;
  selected: boolean;
  focusable: boolean;
}

/** A result at a glance: its picture, or the words of a question and its answer. */
export function HistoryTile(props: TileProps) {
  const { generation, selecting, selected, focusable } = props;
  const t = useTranslations('history');
  const { id, task, prompt, picture, state, text, language } = generation;
  const finished = isFinished(state);
  const barred = selecting && !finished;
  const shown = task === 'understand' ? null : picture;
  const note = state === 'done' ? null : t(`state.${state}`);
  return (
    <button
      type="button"
      data-tile={id}
      tabIndex={focusable ? 0 : -1}
      aria-label={[t('tile', { task: t(`tasks.${task}`), prompt }), text, note, barred && t('notEnded')]
        .filter(Boolean)
        .join('. ')}
      aria-pressed={selecting ? selected : undefined}
      aria-disabled={barred}
      title={prompt}
      className={cn(
        'border-line bg-surface relative flex size-full flex-col overflow-hidden rounded-xl border text-left',
        'hover:border-line-strong focus-visible:outline-offset-1',
        selected && 'border-accent ring-accent ring-2',
        barred && 'opacity-50',
      )}
    >
      {shown ? (
        <Thumbnail image={shown} className={cn('size-full', state === 'cancelled' && 'opacity-60')} />
      ) : (
        <span lang={language} className="flex min-h-0 flex-1 flex-col gap-1 p-2.5">
          <span className={cn('text-muted text-xs leading-4', text ? 'line-clamp-2' : 'line-clamp-4')}>
            {prompt}
          </span>
          {text && <span className="line-clamp-3 text-[13px] leading-[18px] font-medium">{text}</span>}
        </span>
      )}
      {note && (
        <span className="bg-surface text-ink absolute bottom-1.5 left-1.5 rounded-md px-1.5 py-0.5 text-[11px] leading-4 font-medium">
          {note}
        </span>
      )}
      {selecting && !barred && (
        <span
          aria-hidden
          className={cn(
            'absolute top-1.5 right-1.5 flex size-5 items-center justify-center rounded-full border',
            selected ? 'border-accent bg-accent text-on-accent' : 'border-line-strong bg-surface',
          )}
        >
          {selected && <Check className="size-3.5" />}
        </span>
      )}
    </button>
  );
}
