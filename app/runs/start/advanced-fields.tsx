import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { TextField } from '../../_ui/field';
import type { FieldsProps } from './main-fields';
import { endpointLimits, newEndpoint } from './start-form';

/** What few runs need: whether earlier outputs are taken, and how fast an endpoint is asked. */
export function AdvancedFields({ form, options, change, errorOf }: FieldsProps) {
  const t = useTranslations('runs');
  const known = options.models.find(({ revisionId }) => revisionId === form.model);
  const isEndpoint = form.model === newEndpoint || known?.kind === 'endpoint';
  // What is wrong inside is not hidden.
  const wrong = endpointLimits.some((name) => errorOf(name) !== null);
  return (
    <details open={wrong || undefined} className="group">
      <summary className="text-muted hover:text-ink inline-flex cursor-pointer list-none items-center gap-1 rounded text-sm font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t('start.advanced')}
      </summary>
      <div className="mt-3 space-y-4">
        <label className="flex cursor-pointer items-start gap-2.5 text-sm">
          <input
            type="checkbox"
            className="accent-accent mt-0.5 size-4"
            checked={form.cache}
            onChange={(event) => change({ cache: event.target.checked })}
          />
          <span>
            {t('start.cache')}
            <span className="text-muted block text-xs leading-4">{t('start.cacheHint')}</span>
          </span>
        </label>
        {isEndpoint && (
          <div className="grid gap-4 sm:grid-cols-3">
            {endpointLimits.map((name) => (
              <TextField
                size="small"
                key={name}
                id={`start-${name}`}
                numeric
                label={t(`start.${name}`)}
                problem={errorOf(name)}
                value={form.limits[name]}
                onChange={(event) => change({ limits: { ...form.limits, [name]: event.target.value } })}
              />
            ))}
          </div>
        )}
      </div>
    </details>
  );
}
