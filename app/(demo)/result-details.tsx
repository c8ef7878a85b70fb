import { ChevronRight } from 'lucide-react';
import type { GenerationView } from '@/server/demo/schema';
import { readTimings, seconds, settingsText, stageText } from './format';

/** Everything that made a result, and how long it took. */
export function ResultDetails({ generation }: { generation: GenerationView }) {
  const { parameters, timings } = generation;
  const settings = settingsText(generation);
  const measured = timings ? readTimings(timings) : null;
  return (
    <div className="text-muted mt-2.5 text-[13px] leading-5 tabular-nums">
      {settings && <p>{settings}</p>}
      {parameters.seed !== undefined && (
        <p>
          Seed <span className="select-all">{parameters.seed}</span>
        </p>
      )}
      {measured && measured.total > 0 && (
        <details className="group">
          <summary className="hover:text-ink inline-flex cursor-pointer list-none items-center gap-1 rounded [&::-webkit-details-marker]:hidden">
            {seconds(measured.total)}
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            <span className="sr-only">Time of each stage</span>
          </summary>
          <dl className="mt-1 mb-1 grid w-fit grid-cols-[auto_auto] gap-x-4">
            {measured.rows.map(([stage, value]) => (
              <div key={stage} className="contents">
                <dt>{stageText(stage)}</dt>
                <dd className="text-right">{seconds(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
