import { Flag, Images, ListChecks, Scale } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { PageLink } from '../_ui/page-link';

const ways = [
  { from: 'run', icon: ListChecks },
  { from: 'pair', icon: Scale },
  { from: 'flags', icon: Flag },
  { from: 'upload', icon: Images },
] as const;

/** Before the first queue: what this is for, and the four ways to begin. */
export function Begin({ mayReview }: { mayReview: boolean }) {
  const t = useTranslations('reviews.begin');
  return (
    <section aria-label={t('title')} className="mt-6">
      <h3 className="text-base font-semibold">{t('title')}</h3>
      <p className="text-muted mt-1 max-w-prose text-sm leading-6 text-pretty">{t('text')}</p>
      {mayReview ? (
        <ul className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
          {ways.map(({ from, icon: Icon }) => (
            <li key={from}>
              <PageLink
                href={`/reviews/new?from=${from}`}
                className="border-line bg-surface hover:border-accent flex h-full flex-col rounded-xl border p-4 transition-colors"
              >
                <Icon aria-hidden className="text-accent size-5" />
                <span className="mt-2.5 text-sm font-medium">{t(`${from}.title`)}</span>
                <span className="text-muted mt-1 text-[13px] leading-5 text-pretty">{t(`${from}.text`)}</span>
              </PageLink>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-muted mt-3 max-w-prose text-sm leading-6">{t('viewer')}</p>
      )}
    </section>
  );
}
