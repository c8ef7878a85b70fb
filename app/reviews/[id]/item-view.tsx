import { ExternalLink, Flag } from 'lucide-react';
import { useGroupName } from '../../_ui/group-name';
import { useTranslations } from 'next-intl';
import type { TaskRow } from '@/server/reviews/schema';
import { imageUrl } from '../../_ui/images/address';
import { cn } from '../../_ui/cn';
import { PageLink } from '../../_ui/page-link';
import { StoredImage } from '../../_ui/stored-image';
import { Thumbnail } from '../../_ui/images/thumbnail';
import { Badge } from '../_parts/badge';
import { useScoreWords } from './use-score-words';

/** What was judged: its outputs, what they were made from, and where it came from. */
export function ItemView({ row }: { row: TaskRow }) {
  const t = useTranslations('reviewResults.item');
  const groupName = useGroupName();
  const words = useTranslations('reviews');
  const sides = useTranslations('reviewQuestions.choice');
  const scoreWords = useScoreWords();
  const { item, metric, runId, sampleId } = row;
  const pair = item.outputs.length === 2;
  return (
    <section aria-label={t('judged')} className="flex min-w-0 flex-col gap-3">
      <div className={cn('grid gap-2', pair && 'grid-cols-2')}>
        {item.outputs.map(({ picture, text, model }, index) => (
          <figure key={index} className="min-w-0">
            {picture ? (
              <StoredImage
                src={imageUrl(picture.hash, { plain: true })}
                alt={pair ? sides(index === 0 ? 'first' : 'second') : item.prompt}
                width={picture.width}
                height={picture.height}
                className="bg-sunken max-h-[55dvh] w-full rounded-xl object-contain"
              />
            ) : (
              <p className="border-line bg-surface rounded-xl border p-3 text-sm leading-6 [overflow-wrap:anywhere] whitespace-pre-wrap">
                {text}
              </p>
            )}
            {(pair || model) && (
              <figcaption className="text-muted mt-1 truncate text-[13px]">
                {pair && <>{sides(index === 0 ? 'first' : 'second')} · </>}
                {model ?? t('hiddenModel')}
              </figcaption>
            )}
          </figure>
        ))}
      </div>
      <p className="text-sm leading-6 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {item.prompt || <span className="text-muted">{t('noPrompt')}</span>}
      </p>
      {item.options.length > 0 && (
        <ul aria-label={t('options')} className="text-sm leading-6">
          {item.options.map(({ letter, text }) => (
            <li key={letter}>
              <span className="text-muted mr-1.5 font-medium">{letter}</span>
              {text}
            </li>
          ))}
        </ul>
      )}
      {item.answers.length > 0 && (
        <p className="text-sm">
          <span className="text-muted">{t('right')}</span> {item.answers.join(', ')}
        </p>
      )}
      {item.pictures.length > 0 && (
        <ul aria-label={t('from')} className="flex flex-wrap gap-2">
          {item.pictures.map((image, index) => (
            <li key={index} className="w-28">
              <Thumbnail
                image={image}
                width={112}
                alt={image.name}
                className="aspect-square w-full rounded-lg object-contain"
              />
              <span aria-hidden className="text-muted block truncate text-xs leading-5">
                {image.name}
              </span>
            </li>
          ))}
        </ul>
      )}
      {item.flag && (
        <p className="bg-sunken flex gap-2 rounded-lg px-3 py-2 text-[13px] leading-5">
          <Flag aria-hidden className="text-muted mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {t('flag', { reason: reasonWords(item.flag.reason, words) })}
            {item.flag.comment && <span className="block">{item.flag.comment}</span>}
          </span>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2 text-[13px]">
        {item.group && <Badge>{groupName(item.group)}</Badge>}
        {metric && <Badge tone="outline">{scoreWords(metric)}</Badge>}
        {runId && sampleId && (
          <PageLink
            href={`/runs/${runId}?sample=${sampleId}`}
            className="text-accent inline-flex items-center gap-1 rounded underline-offset-2 hover:underline"
          >
            <ExternalLink aria-hidden className="size-3.5" />
            {t('sample')}
          </PageLink>
        )}
      </div>
    </section>
  );
}

const reasons = ['wrong', 'harmful', 'rights', 'other'] as const;

function reasonWords(reason: string, words: ReturnType<typeof useTranslations<'reviews'>>): string {
  const known = reasons.find((one) => one === reason);
  return known ? words(`newQueue.reasonNames.${known}`) : reason;
}
