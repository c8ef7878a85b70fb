import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { cn } from '../../_ui/cn';
import { taskIcons } from '../examples/examples';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { treeLines, treeStep } from './tree';

interface LineageTreeProps {
  nodes: GenerationView[];
  /** The result that was asked about. */
  currentId: string;
  chosenId: string;
  onChoose: (id: string) => void;
}

/** Deeper lines are not moved in further, so that words keep their room on a phone. */
const deepest = 7;

/** The tree pattern of WAI-ARIA: arrows walk and fold, Home and End go to its ends. */
export function LineageTree({ nodes, currentId, chosenId, onChoose }: LineageTreeProps) {
  const t = useTranslations('history.lineage');
  const words = useTranslations('history');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => treeLines(nodes, closed), [nodes, closed]);
  const inSight = lines.some(({ generation }) => generation.id === chosenId);
  const tabbed = inSight ? chosenId : lines[0]?.generation.id;

  const focus = (id: string) => tree.current?.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus();
  useEffect(() => {
    const current = tree.current?.querySelector<HTMLElement>(`[data-node="${currentId}"]`);
    current?.scrollIntoView({ block: 'center' });
    current?.focus({ preventScroll: true });
  }, [currentId]);

  const fold = (id: string) =>
    setClosed((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!tabbed || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = treeStep(lines, tabbed, event.key);
    if (!step) return;
    event.preventDefault();
    if ('fold' in step) return fold(step.fold);
    onChoose(step.focus);
    focus(step.focus);
  };

  return (
    <div ref={tree} role="tree" aria-label={t('tree')} onKeyDown={onKeyDown} className="py-1">
      {lines.map(({ generation, level, place, siblings, expanded }) => {
        const { id, task, prompt, picture, language, text, state } = generation;
        const Icon = taskIcons[task];
        const current = id === currentId;
        const note = state === 'done' ? null : words(`state.${state}`);
        const label = [
          t('node', { task: words(`tasks.${task}`), prompt }),
          text,
          note,
          current && t('current'),
        ];
        return (
          <div
            key={id}
            role="treeitem"
            data-node={id}
            aria-level={level}
            aria-posinset={place}
            aria-setsize={siblings}
            aria-expanded={expanded ?? undefined}
            aria-selected={id === chosenId}
            aria-current={current ? 'true' : undefined}
            aria-label={label.filter(Boolean).join('. ')}
            tabIndex={id === tabbed ? 0 : -1}
            onClick={() => onChoose(id)}
            className={cn(
              'hover:bg-sunken flex min-h-12 cursor-pointer items-center gap-2 rounded-lg py-1 pr-2 focus-visible:outline-offset-[-2px]',
              id === chosenId && 'bg-accent-soft hover:bg-accent-soft',
            )}
            style={{ paddingInlineStart: `${(Math.min(level, deepest) - 1) * 1.125}rem` }}
          >
            <span
              aria-hidden
              title={t('expand')}
              onClick={(event) => {
                if (expanded === null) return;
                event.stopPropagation();
                fold(id);
              }}
              className="flex size-6 shrink-0 items-center justify-center"
            >
              {expanded !== null && (
                <ChevronRight className={cn('size-4 transition-transform', expanded && 'rotate-90')} />
              )}
            </span>
            {picture && task !== 'understand' ? (
              <Thumbnail image={picture} className="size-10 shrink-0 rounded-md" />
            ) : (
              <span className="bg-sunken flex size-10 shrink-0 items-center justify-center rounded-md">
                <Icon aria-hidden className="text-muted size-4" />
              </span>
            )}
            <span aria-hidden lang={language} className="min-w-0 flex-1">
              <span className={cn('block truncate text-sm', current && 'font-semibold')}>{prompt}</span>
              {(text ?? note) && (
                <span className="text-muted block truncate text-[13px]">{text ?? note}</span>
              )}
            </span>
            {current && (
              <span aria-hidden className="text-accent shrink-0 text-xs font-medium">
                {t('current')}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
