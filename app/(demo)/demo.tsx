'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTRPC } from '../_trpc/client';
import { hasToken } from '../_trpc/site-fetch';
import { useBackCloses } from '../_ui/back-closes';
import { cn } from '../_ui/cn';
import { Compare } from './compare';
import { Composer } from './composer/composer';
import { DropOverlay } from './composer/drop-overlay';
import { EmbedBar } from './embed-bar';
import { Header } from '../_ui/model-header';
import { HistoryButton } from './history/history-button';
import { KeyboardButton } from './keyboard/keyboard-map';
import { SettingsPanel, settingsId } from './settings/settings-panel';
import { Thread } from './thread/thread';
import { useResultSlots } from './thread/use-result-slots';
import { isWide, useIsWide } from '../_ui/use-is-wide';

/** The settings stand open beside the thread where there is room; below that, they open under the composer. */
type PanelState = 'auto' | 'open' | 'closed';

/** @param props.embedded within a frame of another site: the demo without the header of the site */
export function Demo({ embedded = false }: { embedded?: boolean }) {
  const Bar = embedded ? EmbedBar : Header;
  const [panel, setPanel] = useState<PanelState>('auto');
  const slots = useResultSlots();
  const wide = useIsWide();
  const threadRef = useRef<HTMLDivElement>(null);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  // What the server could not know: it made the page before the token was sent.
  useEffect(() => {
    if (hasToken()) void queryClient.invalidateQueries({ queryKey: trpc.demo.list.pathKey() });
  }, [queryClient, trpc]);

  const togglePanel = () =>
    setPanel((state) => ((state === 'auto' ? isWide() : state === 'open') ? 'closed' : 'open'));
  // Where there is no room beside the thread they cover half of it.
  useBackCloses(panel === 'open' && !wide, () => setPanel('closed'));
  useEffect(() => {
    if (panel === 'open') document.getElementById(settingsId)?.scrollIntoView({ block: 'nearest' });
  }, [panel]);
  const toNewest = () => {
    const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    threadRef.current?.scrollTo({ top: 0, behavior: smooth ? 'smooth' : 'auto' });
  };

  return (
    <div className="flex h-dvh flex-col overflow-hidden">
      <Bar
        tools={
          <>
            <HistoryButton />
            <KeyboardButton className="tip-below max-sm:hidden" />
          </>
        }
      />
      <div
        className={cn(
          'grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto_auto]',
          panel !== 'closed' && 'lg:grid-cols-[minmax(0,1fr)_20rem]',
          'lg:grid-rows-[minmax(0,1fr)_auto]',
          // In a low window, as one at 200 % is, results, form and settings scroll as one.
          panel === 'open' &&
            'short:max-lg:grid-rows-[11rem_max-content_max-content] short:max-lg:overflow-y-auto',
        )}
      >
        <Thread scrollRef={threadRef} slots={slots} />
        <Composer panel={panel} onTogglePanel={togglePanel} onSubmitted={toNewest} />
        <SettingsPanel
          className={cn(
            'short:max-lg:max-h-none max-h-[46dvh] lg:col-start-2 lg:row-span-2 lg:row-start-1 lg:max-h-none',
            panel === 'auto' && 'max-lg:hidden',
            panel === 'closed' && 'hidden',
          )}
        />
      </div>
      <DropOverlay />
      <Compare />
    </div>
  );
}
