import { Check, ChevronRight, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../../_components/button';
import { toast } from '../../_components/toaster';
import { copyText } from '../../developers/copy-text';
import { readableName } from './names';

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
            <CopyText text={copy} name={title} />
          </div>
        )}
        {children}
      </div>
    </details>
  );
}

const shownMs = 2000;

/** Copies a text and says so. */
export function CopyText({ text, name }: { text: string; name: string }) {
  const t = useTranslations('runs');
  const common = useTranslations('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    if (await copyText(text)) setCopied(true);
    else toast.error(t('copyFailed'));
  };
  return (
    <>
      <Button size="small" aria-label={t('copy', { name })} onClick={() => void copy()}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span aria-hidden className="grid *:col-start-1 *:row-start-1">
          <span className={copied ? 'invisible' : undefined}>{common('copy')}</span>
          <span className={copied ? undefined : 'invisible'}>{common('copied')}</span>
        </span>
      </Button>
      <span role="status" className="sr-only">
        {copied ? common('copied') : ''}
      </span>
    </>
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
