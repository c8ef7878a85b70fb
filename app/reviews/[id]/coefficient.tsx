import { useFormatter, useTranslations } from 'next-intl';

interface CoefficientProps {
  name: string;
  found: { value: number; interval: [number, number] | null } | null;
  /** Why there is none. */
  absent: string;
  /** What the value means, in plain words. */
  meaning: string | null;
}

/** Where a value between −1 and 1 stands on a line, in percent. */
const at = (value: number) => `${((Math.min(1, Math.max(-1, value)) + 1) / 2) * 100}%`;

/** A coefficient of agreement: its value, its 95 % interval as a line from −1 to 1, and what it means. */
export function CoefficientRow({ name, found, absent, meaning }: CoefficientProps) {
  const t = useTranslations('reviewResults.agreement');
  const format = useFormatter();
  const figure = (value: number) =>
    format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace(/^-/, '−');
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 text-sm">
      <dt className={found ? 'leading-5' : 'text-muted leading-5'}>{name}</dt>
      {found ? (
        <dd className="text-right leading-5 tabular-nums">
          <span className="font-semibold">{figure(found.value)}</span>
          {found.interval && (
            <span className="text-muted ml-1.5 text-[13px]">
              {t('interval', { low: figure(found.interval[0]), high: figure(found.interval[1]) })}
            </span>
          )}
        </dd>
      ) : (
        <dd className="text-muted max-w-52 text-right text-[13px] leading-5 text-pretty">{absent}</dd>
      )}
      {found && (
        <dd className="col-span-2">
          <span aria-hidden className="relative mt-1 block h-3">
            <span className="bg-sunken absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded-full" />
            <span className="bg-line-strong absolute top-0.5 bottom-0.5 left-1/2 w-px" />
            {found.interval && (
              <span
                className="bg-accent/45 absolute top-1/2 h-1 -translate-y-1/2 rounded-full"
                style={{ left: at(found.interval[0]), right: `calc(100% - ${at(found.interval[1])})` }}
              />
            )}
            <span
              className="bg-accent absolute top-1/2 size-2.5 -translate-1/2 rounded-full"
              style={{ left: at(found.value) }}
            />
          </span>
          {meaning && <span className="text-muted block text-[13px] leading-5">{meaning}</span>}
        </dd>
      )}
    </div>
  );
}
