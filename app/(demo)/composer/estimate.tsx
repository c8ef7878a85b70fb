import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useState } from 'react';
import type { ModelInfo } from '@/server/demo/schema';
import type { BeforeInput, Estimate as Known } from '@/server/demo/estimates/schema';
import { cn } from '../../_ui/cn';
import { useTRPCClient } from '../../_trpc/client';
import { useDraft, type Draft } from '../../_request/draft';
import { timeRange } from './estimate-range';
import { decoderOf, numbersOf, textOf } from '../../_request/fields';

const debounceMs = 300;
const refreshMs = 4000;

/** What the time depends on; null while a setting is wrong. */
function inputOf(draft: Draft, model: ModelInfo): BeforeInput | null {
  const input: BeforeInput = { task: draft.task };
  for (const { field, parameter } of numbersOf(draft, model)) {
    if (!parameter.time) continue;
    const value = Number(textOf(draft, field, model));
    const { min, max } = model.parameters[field];
    if (!(value >= min && value <= max)) return null;
    input[parameter.key as 'steps'] = value;
  }
  if (draft.task === 'edit') {
    input.decoder = decoderOf(draft, model);
    if (draft.sizeOfSource && draft.source)
      input.source = { width: draft.source.width, height: draft.source.height };
  }
  return input;
}

/** The value once it has stood still. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), debounceMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** How long the request would take as the form stands; asked again every few seconds while the page is seen. */
function useEstimate(model: ModelInfo | undefined): Known | undefined {
  const draft = useDraft();
  const client = useTRPCClient();
  const now = useMemo(() => JSON.stringify(model ? inputOf(draft, model) : null), [draft, model]);
  const key = useSettled(now);
  const { data } = useQuery({
    queryKey: ['estimate', key],
    queryFn: () => client.estimates.before.query(JSON.parse(key) as BeforeInput),
    enabled: key !== 'null',
    placeholderData: keepPreviousData,
    staleTime: refreshMs,
    refetchInterval: ({ state }) => (state.status === 'error' ? false : refreshMs),
  });
  // Of a setting that is wrong nothing is expected, not what was expected before it.
  return now === 'null' ? undefined : data;
}

/** The expected time beside the send button; nothing while nothing was measured. Its place never moves others. */
export function Estimate({ model, className }: { model: ModelInfo | undefined; className?: string }) {
  const t = useTranslations('demo.estimate');
  const known = useEstimate(model);
  const parts: string[] = [];
  if (known) {
    const { low, high, ahead, coldStart } = known;
    const range = low !== null && high !== null ? timeRange(low, high) : null;
    if (ahead > 0) parts.push(t('ahead', { count: String(ahead) }));
    if (coldStart && !range) parts.push(t('cold'));
    else if (range) {
      const values = { low: range.low ?? range.high, high: range.high };
      const minutes = range.unit === 'minutes';
      if (coldStart) parts.push(t(minutes ? 'coldMinutes' : 'coldSeconds', { high: range.high }));
      else if (range.low === null) parts.push(t(minutes ? 'minute' : 'second', { high: range.high }));
      else parts.push(t(minutes ? 'minutes' : 'seconds', values));
    }
  }
  const text = parts.join(' · ');
  return (
    <p
      aria-label={text ? `${t('label')}: ${text}` : undefined}
      role={text ? 'note' : undefined}
      title={text || undefined}
      className={cn('text-muted line-clamp-2 text-right text-xs leading-4 tabular-nums', className)}
    >
      {parts.map((part, index) => (
        // A line breaks between the parts, not inside them.
        <span key={part} className="inline-block max-w-full">
          {index > 0 && '· '}
          {part}
          {index < parts.length - 1 && '\u00a0'}
        </span>
      ))}
    </p>
  );
}
