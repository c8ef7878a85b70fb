'use client';

import { ChevronDown } from 'lucide-react';
import { Button } from '../_components/button';
import { cn } from '../_components/cn';
import { Logo } from '../_components/logo';
import { ThemeToggle } from '../_components/theme-toggle';
import { HistoryButton } from './history/history-button';
import { LibraryActions } from './history/library-actions';
import { useModel } from './use-model';

export function Header() {
  return (
    <header className="border-line bg-surface flex h-13 shrink-0 items-center gap-3 border-b px-4">
      <h1 className="flex shrink-0 items-center gap-2.5 text-[15px] font-semibold tracking-tight">
        <Logo className="size-7 shrink-0" />
        <span>
          Nexus-Gen <span className="text-muted font-normal max-sm:sr-only">Studio</span>
        </span>
      </h1>
      <div className="ml-auto flex min-w-0 items-center gap-1">
        <ModelButton />
        <HistoryButton actions={(generation) => <LibraryActions generation={generation} />} />
        <ThemeToggle />
      </div>
    </header>
  );
}

/** Which model answers, and what it was made for. */
function ModelButton() {
  const { data: model, failureCount } = useModel();
  const state = !model ? (failureCount > 0 ? 'unreachable' : 'loading') : model.ready ? 'ready' : 'starting';
  const words = {
    unreachable: 'The server cannot be reached',
    loading: 'Loading',
    starting: 'Starting: jobs wait until it is ready',
    ready: 'Ready',
  }[state];
  return (
    <>
      <Button
        variant="ghost"
        size="small"
        className="min-w-0 shrink"
        popoverTarget="model-details"
        aria-label={model ? `Model: ${model.name} ${model.version}. ${words}` : `Model. ${words}`}
      >
        <span
          aria-hidden
          className={cn(
            'size-2 shrink-0 rounded-full',
            state === 'ready' && 'bg-accent',
            state === 'unreachable' && 'bg-danger',
            (state === 'starting' || state === 'loading') && 'animate-sheen bg-line-strong',
          )}
        />
        <span className="truncate">{model ? `${model.name} ${model.version}` : words}</span>
        <ChevronDown aria-hidden className="size-3.5!" />
      </Button>
      <div
        id="model-details"
        popover="auto"
        role="dialog"
        aria-label="About the model"
        className="border-line bg-surface text-ink fixed inset-auto top-12 right-3 m-0 w-84 max-w-[calc(100vw-1.5rem)] rounded-xl border p-4 shadow-xl"
      >
        {model ? (
          <>
            <p className="font-semibold">{model.name}</p>
            <p className="mt-1.5 text-sm leading-6 text-pretty">{model.notice}</p>
            <dl className="border-line mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 border-t pt-3 text-[13px]">
              <dt className="text-muted">State</dt>
              <dd>{words}</dd>
              <dt className="text-muted">Version</dt>
              <dd>{model.version}</dd>
              <dt className="text-muted">Device</dt>
              <dd>{model.device}</dd>
              <dt className="text-muted">Manifest</dt>
              <dd className="truncate font-mono text-xs leading-5" title={model.hash}>
                {model.hash}
              </dd>
            </dl>
          </>
        ) : (
          <p className="text-sm">{words}.</p>
        )}
      </div>
    </>
  );
}
