import { ChevronDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { cn } from '../../_ui/cn';

const told = ['reason', 'name', 'from', 'items', 'reviewsPerItem', 'verdict', 'vote', 'format'] as const;

/** What an entry of the record was about: a few of its details in words, all of it as JSON when asked for. */
export function AuditDetails({ details }: { details: Record<string, unknown> }) {
  const t = useTranslations('reviewResults.audit');
  const id = useId();
  const [open, setOpen] = useState(false);
  if (Object.keys(details).length === 0) return null;
  const shown = told.flatMap((key) => {
    const value = details[key];
    return typeof value === 'string' || typeof value === 'number'
      ? [`${t(`details.${key}`)}: ${String(value).slice(0, 300)}`]
      : [];
  });
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="text-muted hover:text-ink flex h-6 items-center gap-1 rounded text-[13px]"
      >
        {t('more')}
        <ChevronDown aria-hidden className={cn('size-3.5 transition-transform', open && 'rotate-180')} />
      </button>
      {shown.length > 0 && (
        <p className="text-muted col-span-full text-[13px] leading-5 [overflow-wrap:anywhere] sm:col-start-2">
          {shown.join(' · ')}
        </p>
      )}
      <pre
        id={id}
        hidden={!open}
        tabIndex={0}
        className="bg-sunken col-span-full mt-1 max-h-60 overflow-auto rounded-lg p-2.5 font-mono text-xs leading-5"
      >
        {JSON.stringify(details, null, 2)}
      </pre>
    </>
  );
}
