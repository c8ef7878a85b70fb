import type { SampleTile } from '@/server/evaluation/runs/schema';
import { OutcomeSign, type TileWords } from '../samples/tile';
import { Thumbnail } from '../../_ui/images/thumbnail';
import type { TileProps } from '../../_ui/virtual-grid';
import type { Pair } from './pairs';

/** Height of the words, and of a tile without pictures, in CSS pixels. */
const wordsHeight = 92;
export const pairTileHeight = (pictures: boolean) => (width: number) =>
  pictures ? Math.round(width / 2) + wordsHeight : 176;

/** One item, as the first and as the second run has it. */
export function PairTile({
  pair,
  words,
  pictures,
  focusable,
  width,
}: TileProps & { pair: Pair; words: TileWords; pictures: boolean }) {
  const { first, second } = pair;
  const said = (tile: SampleTile) => [words.outcome(tile), tile.text, tile.reason].filter(Boolean).join(', ');
  return (
    <button
      type="button"
      data-tile={pair.id}
      tabIndex={focusable ? 0 : -1}
      aria-label={`${first.prompt}. A: ${said(first)}. B: ${said(second)}`}
      className="border-line bg-surface hover:border-line-strong relative flex size-full flex-col overflow-hidden rounded-xl border text-left focus-visible:outline-offset-1"
    >
      {pictures && (
        <span
          className="grid w-full shrink-0 grid-cols-2 gap-px"
          style={{ height: Math.round(width / 2) - 2 }}
        >
          {[first, second].map((tile, i) => (
            <span key={i} className="bg-sunken relative block">
              {tile.picture && (
                <Thumbnail
                  image={tile.picture}
                  width={width / 2}
                  className="absolute inset-0 size-full object-contain"
                />
              )}
              <OutcomeSign tile={tile} className="absolute top-1.5 right-1.5" />
              <span className="bg-surface/90 text-ink absolute top-1.5 left-1.5 rounded px-1 text-[11px] leading-4 font-semibold">
                {i === 0 ? 'A' : 'B'}
              </span>
            </span>
          ))}
        </span>
      )}
      <span className="block min-h-0 w-full flex-1 px-2.5 py-2">
        <span className="line-clamp-1 block text-[13px] leading-[18px] font-medium">{first.prompt}</span>
        {[first, second].map((tile, i) => (
          <span key={i} className="text-muted mt-1 flex gap-1.5 text-xs leading-[18px]">
            <span className="text-ink font-semibold">{i === 0 ? 'A' : 'B'}</span>
            <span className={pictures ? 'line-clamp-1' : 'line-clamp-2'}>
              {[!pictures && tile.text, tile.reason, words.note(tile)].filter(Boolean).join(' · ') ||
                words.outcome(tile)}
            </span>
          </span>
        ))}
      </span>
    </button>
  );
}
