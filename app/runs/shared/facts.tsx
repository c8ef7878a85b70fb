import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyButton } from '../../_ui/copy-button';
import { readableName } from '../../_ui/readable-name';

interface FoldProps {
  title: string;
  /** Beside the title, for those who need no more. */
  hint?: string;
  /** What is copied. */
  copy?: string;
  open?: boolean;
  children: ReactNode;
}

/** A part of the page that is folded away until it is wanted. */
export function Fold({ title, hint, copy, open = false, children }: FoldProps) {
  const t = useTranslations('runs');
  return (
    <details open={open} className="group border-line bg-surface rounded-xl border">
      <summary className="text-ink flex cursor-pointer list-none items-center gap-2 rounded-xl px-4 py-2.5 text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="text-muted size-4 shrink-0 transition-transform group-open:rotate-90"
        />
        <span className="text-ink font-medium">{title}</span>
        {hint && <span className="text-muted ml-auto min-w-0 truncate font-mono text-xs">{hint}</span>}
      </summary>
      <div className="px-4 pb-3.5">
        {copy !== undefined && (
          <div className="mb-2 flex justify-end">
            <CopyButton text={copy} label={t('copy', { name: title })} />
          </div>
        )}
        {children}
      </div>
    </details>
  );
}

/** JSON as it is, to be read and copied. It scrolls, by keyboard too. */
export function JsonText({ value, label }: { value: unknown; label: string }) {
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="bg-sunken max-h-96 overflow-auto rounded-lg px-3 py-2.5 font-mono text-xs leading-5"
    >
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}

/** Names and values; what is not a plain value is shown as JSON. */
export function ValueList({ values }: { values: Record<string, unknown> }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-1 text-[13px] leading-6">
      {Object.entries(values).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{readableName(name)}</dt>
          <dd className="min-w-0 font-mono text-xs leading-6 break-words">{plainValue(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

const plainValue = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '–');
