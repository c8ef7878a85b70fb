'use client';

import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import type { QueueDetail } from '@/server/reviews/schema';
import { toggleActualSize, useZoom } from '../../_viewer/use-zoom';
import { zoomStep } from '../../_viewer/zoom';
import { IconButton } from '../../_ui/button';
import { cn } from '../../_ui/cn';
import { useMe } from '../../_ui/current-user';
import { SiteHeader } from '../../_ui/site-header';
import { ChoiceBar } from './actions';
import { Announcer } from './announcer';
import { Bar } from './bar';
import { Ended, Loading } from './ended';
import { HelpDialog } from './help-dialog';
import { Instructions } from './instructions';
import { ItemStage } from './item-stage';
import { actionOf, type Action } from './keys';
import { ItemNotice, Stopped } from './notices';
import { flickedNext, panesOf } from './panes';
import { useRemembered } from './use-remembered';
import { RubricForm } from './rubric-form';
import { SkipDialog } from './skip-dialog';
import { useNextTime } from './use-next-time';
import { useReview } from './use-review';
import { useSession } from './use-session';
import { isOverlayOpen, takesKeys } from '../../_ui/keyboard';

/** CSS pixels that a key moves a picture by. */
const panStep = 64;
const noPanes: ReturnType<typeof panesOf> = [];

/** What the page knows of its queue: not whose outputs are in it, which who made the queue may know. */
export type WorkQueue = Pick<QueueDetail, 'id' | 'name' | 'kind' | 'instructions' | 'rubric'>;

/** A short stand-in for a text that may be long. */
function fingerprint(text: string): string {
  let sum = 0;
  for (const letter of text) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return `${text.length} ${sum}`;
}

/** The page where a reviewer judges one item after the other. */
export function ReviewWork({ queue }: { queue: WorkQueue }) {
  const t = useTranslations('reviewWork');
  const { session, work } = useSession(queue, useMe()?.id ?? '');
  const review = useReview(queue, session, work);
  const { held, itemRef, focusItem } = review;
  const item = held?.item ?? null;
  const panes = item ? panesOf(item) : noPanes;
  const [help, setHelp] = useState(false);
  /** The item that a reason to skip is asked for; another one may come to the screen meanwhile. */
  const [skipping, setSkipping] = useState<string | null>(null);
  const [foldedOver, foldOver] = useRemembered(`review-instructions:${queue.id}`);
  // What was folded away were these very words: new ones are shown.
  const words = fingerprint(queue.instructions);
  const unfolded = foldedOver !== words;
  const [flicked, setFlicked] = useState<number | null>(null);
  // A hundred percent are those of what the model made.
  const made = panes.filter(({ role }) => ['output', 'left', 'right'].includes(role));
  const zoom = useZoom(
    [...made, ...panes].flatMap(({ picture }) => picture ?? []),
    { shrinks: true },
  );
  const [shown, setShown] = useState(item?.taskId);
  if (shown !== item?.taskId) {
    setShown(item?.taskId);
    zoom.reset();
    // Whoever looks at one picture at a time goes on so, from the first of the next.
    if (flicked !== null) setFlicked(flickedNext(panes, null));
  }
  const flick = () => setFlicked(flickedNext(panes, flicked));
  const askSkip = () => {
    if (item && !review.refuse()) setSkipping(item.taskId);
    else review.refuse();
  };
  const toggleInstructions = () => foldOver(unfolded ? words : '');
  useNextTime(item?.taskId ?? null, () => itemRef.current);

  function run(action: Action): boolean {
    if (action.do === 'choose') return review.chooseByDigit(action.n);
    if (action.do === 'decide') review.decide(action.choice);
    else actions[action.do]();
    return true;
  }
  const actions: Record<Exclude<Action['do'], 'choose' | 'decide'>, () => void> = {
    previous: () => review.goTo(Math.max(0, review.at - 1)),
    next: () => review.goTo(Math.min(review.questions.length - 1, review.at + 1)),
    comment: () => review.goTo(review.questions.findIndex(({ type }) => type === 'comment')),
    submit: () => review.submit(),
    undo: review.undo,
    skip: askSkip,
    instructions: toggleInstructions,
    help: () => setHelp(true),
    zoom: () => toggleActualSize(zoom),
    zoomIn: () => zoom.zoomBy(zoomStep),
    zoomOut: () => zoom.zoomBy(1 / zoomStep),
    fit: zoom.reset,
    flick,
    together: () => setFlicked(null),
    panLeft: () => zoom.pan(panStep, 0),
    panRight: () => zoom.pan(-panStep, 0),
    panUp: () => zoom.pan(0, panStep),
    panDown: () => zoom.pan(0, -panStep),
    leave: focusItem,
  };
  useWorkKeys(queue.kind, run);

  const notices = held && <ItemNotice held={held} onRetake={session.wake} onDrop={session.drop} />;
  const steps = { onSkip: askSkip, canUndo: work.canUndo };
  const nothing = work.nothing !== null && !item;
  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <SiteHeader
        tools={
          <IconButton label={t('keys.open')} className="tip-below" onClick={() => setHelp(true)}>
            <Keyboard aria-hidden />
          </IconButton>
        }
      />
      <main className="flex min-h-0 flex-1 flex-col">
        <Bar queue={queue} work={work} />
        <Instructions text={queue.instructions} open={unfolded} onToggle={toggleInstructions} />
        <div
          className={cn(
            'grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto]',
            'short:overflow-y-auto short:grid-rows-[20rem_auto]',
            queue.kind === 'rate' && !nothing && 'lg:grid-cols-[minmax(0,1fr)_24rem] lg:grid-rows-1',
          )}
        >
          <section
            ref={itemRef}
            tabIndex={-1}
            aria-label={item ? t('item', { n: item.position + 1 }) : t('title')}
            className="flex min-h-0 min-w-0 flex-col gap-2 p-3 pb-2 outline-none sm:px-4 lg:pb-4"
          >
            {work.stopped !== null && (
              <Stopped
                problem={work.stopped}
                waiting={work.waiting}
                queueId={queue.id}
                onRetry={session.resume}
              />
            )}
            <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)]">
              {item ? (
                <ItemStage
                  {...{ item, panes, zoom, flicked }}
                  onFlick={flick}
                  onTogether={() => setFlicked(null)}
                />
              ) : work.nothing ? (
                <Ended
                  nothing={work.nothing}
                  queueId={queue.id}
                  done={work.done}
                  canUndo={work.canUndo}
                  onCheck={session.wake}
                  onUndo={review.undo}
                />
              ) : (
                work.stopped === null && <Loading />
              )}
            </div>
          </section>
          {!nothing &&
            (queue.kind === 'rate' ? (
              <RubricForm review={review} notice={notices} {...steps} />
            ) : (
              <div className="border-line space-y-2 border-t px-3 py-2 sm:px-4 sm:py-3">
                {notices}
                <ChoiceBar
                  onChoose={review.decide}
                  chosen={review.answers.choice ?? null}
                  onUndo={review.undo}
                  disabled={review.disabled}
                  {...steps}
                />
              </div>
            ))}
        </div>
      </main>
      <Announcer work={work} rubric={queue.rubric} said={review.said} />
      <SkipDialog
        open={skipping !== null}
        onOpenChange={(open) => !open && setSkipping(null)}
        onSkip={(reason) => {
          setSkipping(null);
          if (skipping) review.skip(skipping, reason);
        }}
        onClosed={focusItem}
      />
      <HelpDialog kind={queue.kind} open={help} onOpenChange={setHelp} onClosed={focusItem} />
    </div>
  );
}

/**
 * The keys of the page, wherever the focus is; they rest while somebody types and while a dialog is open.
 * @param run does what a key means; false where it means nothing just now, so that the browser has the key
 */
function useWorkKeys(kind: 'rate' | 'pair', run: (action: Action) => boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const target = event.target as Element;
    if (event.defaultPrevented || isOverlayOpen()) return;
    const action = actionOf(event, { kind, typing: takesKeys(target) });
    // A text that is longer than its box is scrolled by the arrows while it has the focus.
    const scrolls = event.key.startsWith('Arrow') && target.closest('[data-scrolls]');
    if (!action || scrolls || !run(action)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    // Before the pictures and the radio buttons, whose arrows mean something else here.
    document.addEventListener('keydown', listener, true);
    return () => document.removeEventListener('keydown', listener, true);
  }, []);
}
