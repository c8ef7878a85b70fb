import type { TaskItem } from '@/server/reviews/schema';
import { imageUrl } from '../../_ui/images/address';

/** The pictures of an item, by hash. */
export const hashesOf = ({ pictures, outputs }: Pick<TaskItem, 'pictures' | 'outputs'>): string[] => [
  ...new Set([
    ...pictures.map(({ hash }) => hash),
    ...outputs.flatMap(({ picture }) => (picture ? [picture.hash] : [])),
  ]),
];

type Decoding = Pick<HTMLImageElement, 'src' | 'decode'>;

/**
 * Fetches and decodes the pictures of the items to come, so that they are painted with the item. They are held until
 * their items are gone: a browser drops a decoded picture that nobody holds.
 */
export function createPictures(make: () => Decoding = () => new Image()) {
  let held = new Map<string, Decoding>();
  return {
    hold(items: readonly Pick<TaskItem, 'pictures' | 'outputs'>[]): void {
      const next = new Map<string, Decoding>();
      for (const hash of items.flatMap(hashesOf)) {
        const known = held.get(hash) ?? next.get(hash);
        const picture = known ?? make();
        next.set(hash, picture);
        if (known) continue;
        // The file would name the model to whoever keeps it.
        picture.src = imageUrl(hash, { plain: true });
        // One that does not arrive is asked for again when its item is shown.
        picture.decode().catch(() => held.delete(hash));
      }
      held = next;
    },
    get size() {
      return held.size;
    },
  };
}
