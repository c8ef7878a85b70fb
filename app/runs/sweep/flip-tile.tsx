import { ArrowRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FlipList } from '@/server/evaluation/runs/schema';
import { OutcomeSign } from '../samples/tile';
import { Thumbnail } from '../../_ui/images/thumbnail';

type Flip = FlipList['items'][number];

/** Height of the words, in CSS pixels. */
const wordsHeight = 96;
export const flipTileHeight = (width: number): number => Math.round(width * 0.8) + wordsHeight;

/** A sample that another threshold would change: what it is, and what it would be. */
export function FlipTile({ tile, focusable, width }: { tile: Flip; focusable: boolean; width: number }) {
  const t = useTranslations('runSamples');
  const { before, after } = tile;
  const judged = (correct: boolean) => ({ state: 'scored' as const, correct });
  const why = after ? tile.reason : tile.afterReason;
  return (
    <button
      type="button"
      data-tile={tile.id}
      tabIndex={focusable ? 0 : -1}
      aria-label={[t(after ? 'flips.becomesRight' : 'flips.becomesWrong'), tile.prompt, why]
        .filter(Boolean)
        .join('. ')}
      className="border-line bg-surface hover:border-line-strong relative flex size-full flex-col overflow-hidden rounded-xl border text-left focus-visible:outline-offset-1"
    >
      <span className="bg-sunken block w-full shrink-0" style={{ height: Math.round(width * 0.8) - 2 }}>
        {tile.picture && (
          <Thumbnail image={tile.picture} width={width} className="size-full object-contain" />
        )}
      </span>
      <span className="block min-h-0 w-full flex-1 px-2.5 py-2">
        <span className="flex items-center gap-1.5 text-xs font-medium">
          <OutcomeSign tile={judged(before)} className="shadow-none" />
          <ArrowRight aria-hidden className="text-muted size-3.5" />
          <OutcomeSign tile={judged(after)} className="shadow-none" />
          {t(after ? 'flips.gained' : 'flips.lost')}
        </span>
        <span className="mt-1 line-clamp-1 block text-[13px] leading-[18px]">{tile.prompt}</span>
        <span className="text-muted line-clamp-2 block text-xs leading-4">{why}</span>
      </span>
    </button>
  );
}
