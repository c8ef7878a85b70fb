import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import type { QueueDetail, Ratings } from '@/server/reviews/schema';
import { Failure } from '../../_ui/failure';
import { useTRPC } from '../../_trpc/client';
import { refetchMs } from './refetch-interval';
import { RatingChart } from './rating-chart';

/** How models stand after the votes; asked for again while votes come in. */
export function RatingsTab({ queue }: { queue: QueueDetail }) {
  const t = useTranslations('reviewResults.ratings');
  const common = useTranslations('common');
  const trpc = useTRPC();
  const found = useQuery({
    ...trpc.reviews.ratings.queryOptions({ queueId: queue.id }),
    refetchInterval: queue.state === 'open' ? refetchMs : false,
  });
  if (found.isError && !found.data)
    return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending)
    return (
      <p role="status" className="text-muted text-sm">
        {common('loading')}
      </p>
    );
  const ratings = found.data;
  return (
    <section aria-label={t('label')}>
      <p className="text-muted max-w-prose text-sm leading-6 text-pretty">{t('lead')}</p>
      {!ratings || ratings.votes === 0 ? (
        <div className="border-line mt-4 rounded-xl border border-dashed px-4 py-8 text-center">
          <p role="status" className="text-sm font-medium">
            {t('few')}
          </p>
          <p className="text-muted mx-auto mt-1 max-w-prose text-sm leading-6 text-pretty">{t('fewText')}</p>
        </div>
      ) : (
        <Rated ratings={ratings} />
      )}
    </section>
  );
}

function Rated({ ratings }: { ratings: Ratings }) {
  const t = useTranslations('reviewResults.ratings');
  const format = useFormatter();
  const { votes, ties, bothBad, separated, hidden } = ratings;
  const nameOf = (model: string) => (hidden ? t('hiddenModel', { letter: model }) : model);
  const models = ratings.models.map((row) => ({ ...row, model: nameOf(row.model) }));
  const sorted = [...models].sort(
    (a, b) => (b.rating ?? -Infinity) - (a.rating ?? -Infinity) || b.wins - a.wins,
  );
  const whole = (value: number) => format.number(value, { maximumFractionDigits: 0 });
  return (
    <>
      <p className="mt-3 text-sm tabular-nums">{t('votes', { votes, ties, bothBad })}</p>
      {hidden && <p className="text-muted mt-1 max-w-prose text-[13px] leading-5">{t('hidden')}</p>}
      {separated && separated.length > 0 && (
        <p
          role="status"
          className="border-line bg-surface mt-3 max-w-prose rounded-xl border px-4 py-3 text-sm leading-6 text-pretty"
        >
          {t('separated', { models: separated.map(nameOf).join(', ') })}
        </p>
      )}
      <div
        className="border-line bg-surface mt-3 overflow-x-auto rounded-xl border"
        tabIndex={0}
        role="region"
        aria-label={t('label')}
      >
        <table className="w-full text-sm">
          <thead>
            <tr className="text-muted border-line border-b text-left text-xs">
              <th scope="col" className="px-4 py-2 font-medium">
                {t('model')}
              </th>
              {(['rating', 'interval', 'wins', 'losses', 'ties', 'bothBad'] as const).map((column) => (
                <th key={column} scope="col" className="px-3 py-2 text-right font-medium whitespace-nowrap">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-line divide-y tabular-nums">
            {sorted.map((row) => (
              <tr key={row.model}>
                <th scope="row" className="px-4 py-2.5 text-left font-medium">
                  {row.model}
                </th>
                <td className="px-3 text-right font-semibold">
                  {row.rating === null ? '–' : whole(row.rating)}
                </td>
                <td className="text-muted px-3 text-right whitespace-nowrap">
                  {row.interval ? `${whole(row.interval[0])}–${whole(row.interval[1])}` : '–'}
                </td>
                {[row.wins, row.losses, row.ties, row.bothBad].map((count, index) => (
                  <td key={index} className="px-3 text-right">
                    {count}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <RatingChart models={sorted} />
    </>
  );
}
