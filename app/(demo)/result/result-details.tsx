import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { GenerationView } from '@/server/demo/schema';
import { readTimings } from './result-format';
import { useResultFormat } from './use-result-format';

/** Everything that made a result, and how long it took. */
export function ResultDetails({ generation }: { generation: GenerationView }) {
  const t = useTranslations('results.details');
  const words = useResultFormat();
  const { parameters, timings } = generation;
  const settings = words.settings(generation);
  const measured = timings ? readTimings(timings, words.stage) : null;
  return (
    <div className="text-muted mt-2.5 text-[13px] leading-5 tabular-nums">
      {settings && <p>{settings}</p>}
      {words.texts(generation).map((text) => (
        <p key={text} className="break-words">
          {text}
        </p>
      ))}
      {parameters.seed !== undefined && (
        <p>
          {t.rich('seed', {
            seed: String(parameters.seed),
            value: (chunks) => <span className="select-all">{chunks}</span>,
          })}
        </p>
      )}
      {measured && measured.total > 0 && (
        <details className="group">
          <summary className="hover:text-ink inline-flex cursor-pointer list-none items-center gap-1 rounded [&::-webkit-details-marker]:hidden">
            {words.duration(measured.total)}
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            <span className="sr-only">{t('stages')}</span>
          </summary>
          <dl className="mt-1 mb-1 grid w-fit grid-cols-[auto_auto] gap-x-4">
            {measured.rows.map(([name, value]) => (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd className="text-right">{words.duration(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
