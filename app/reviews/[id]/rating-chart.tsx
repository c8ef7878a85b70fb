import { useFormatter, useTranslations } from 'next-intl';
import type { Ratings } from '@/server/reviews/schema';

type Rated = Ratings['models'][number] & { rating: number };

/** Steps of a scale that are easy to read: about five of them over a range. */
export function ticksOf(low: number, high: number): number[] {
  const rough = Math.max(1, (high - low) / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((of) => power * of >= rough) ?? 10);
  const ticks = [];
  // Never the zero that is written with a minus.
  for (let index = Math.ceil(low / step) || 0; index * step <= high; index++) ticks.push(index * step);
  return ticks;
}

/** Ratings as dots, their 95 % intervals as whiskers. The table beside it says the same in figures. */
export function RatingChart({ models }: { models: Ratings['models'] }) {
  const t = useTranslations('reviewResults.ratings');
  const format = useFormatter();
  const rated = models.filter((model): model is Rated => model.rating !== null);
  if (rated.length === 0) return null;
  const ends = rated.flatMap(({ rating, interval }) => [rating, ...(interval ?? [])]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(20, (most - least) * 0.08);
  const [low, high] = [least - room, most + room];
  const at = (value: number) => `${((value - low) / (high - low)) * 100}%`;
  const ticks = ticksOf(low, high);
  return (
    <figure className="border-line bg-surface mt-3 rounded-xl border p-4">
      <figcaption className="text-[13px] font-medium">{t('chart')}</figcaption>
      <div
        aria-hidden
        className="mt-3 grid grid-cols-[minmax(4rem,30%)_minmax(0,1fr)] gap-x-3 sm:grid-cols-[11rem_minmax(0,1fr)]"
      >
        {rated.map(({ model, rating, interval }) => (
          <div key={model} className="contents">
            <span className="truncate py-1.5 text-right text-[13px] leading-5">{model}</span>
            <span className="relative block">
              {ticks.map((tick) => (
                <span key={tick} className="bg-line absolute inset-y-0 w-px" style={{ left: at(tick) }} />
              ))}
              {interval && (
                <span
                  className="border-accent absolute top-1/2 h-2.5 -translate-y-1/2 border-x-2"
                  style={{ left: at(interval[0]), right: `calc(100% - ${at(interval[1])})` }}
                >
                  <span className="bg-accent absolute inset-x-0 top-1/2 h-0.5 -translate-y-1/2" />
                </span>
              )}
              <span
                className="bg-accent border-surface absolute top-1/2 size-3.5 -translate-1/2 rounded-full border-2"
                style={{ left: at(rating) }}
              />
            </span>
          </div>
        ))}
        <span />
        <span className="text-muted relative block h-5 text-xs tabular-nums">
          {ticks.map((tick) => (
            <span key={tick} className="absolute top-1 -translate-x-1/2" style={{ left: at(tick) }}>
              {format.number(tick)}
            </span>
          ))}
        </span>
      </div>
    </figure>
  );
}
