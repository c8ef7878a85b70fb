import { useTranslations } from 'next-intl';

const told = [
  'reason',
  'name',
  'from',
  'items',
  'reviewsPerItem',
  'verdict',
  'vote',
  'role',
  'email',
  'format',
] as const;

/** What an entry of the record was about: a few of its details in words, all of it as JSON behind them. */
export function AuditDetails({ details }: { details: Record<string, unknown> }) {
  const t = useTranslations('reviewResults.audit');
  if (Object.keys(details).length === 0) return null;
  const shown = told.flatMap((key) => {
    const value = details[key];
    return typeof value === 'string' || typeof value === 'number'
      ? [`${t(`details.${key}`)}: ${String(value).slice(0, 300)}`]
      : [];
  });
  return (
    <details className="text-muted text-[13px] leading-5">
      <summary className="cursor-pointer rounded">{shown.join(' · ') || t('more')}</summary>
      <pre
        className="bg-sunken mt-1 max-h-60 overflow-auto rounded-lg p-2.5 font-mono text-xs leading-5"
        tabIndex={0}
      >
        {JSON.stringify(details, null, 2)}
      </pre>
    </details>
  );
}
