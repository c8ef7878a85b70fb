import type { InfiniteData } from '@tanstack/react-query';
import type { GenerationView } from '@/server/demo/schema';
import { isFinished } from '../result/job-events';

export const pageSize = 20;

export interface Page {
  items: GenerationView[];
  nextCursor?: string | null;
}

/**
 * The list after the same stretch of it was asked for again, newest first. What ended, was added or deleted
 * here while the answer was under way stays so, because the answer may be older.
 * @param fresh everything from the newest down to the oldest that is known, or further.
 */
export function mergeRefetched(
  known: InfiniteData<Page, string | null>,
  fresh: Page,
  removed: ReadonlySet<string>,
): InfiniteData<Page, string | null> {
  const before = known.pages.flatMap((page) => page.items);
  const byId = new Map(before.map((item) => [item.id, item]));
  const asked = new Set(fresh.items.map((item) => item.id));
  // Ids are ordered by time.
  const newest = fresh.items[0]?.id ?? '';
  const added = before.filter((item) => item.id > newest && !asked.has(item.id) && !isFinished(item.state));
  const items = fresh.items
    .filter((item) => !removed.has(item.id))
    .map((item) => {
      const mine = byId.get(item.id);
      return mine && isFinished(mine.state) && !isFinished(item.state) ? mine : item;
    });
  return inPages([...added, ...items], fresh.nextCursor ?? null);
}

/** As if they had been asked for page by page: a question for all of them again then has all of them. */
function inPages(items: GenerationView[], nextCursor: string | null): InfiniteData<Page, string | null> {
  const pages: Page[] = [];
  for (let start = 0; start === 0 || start < items.length; start += pageSize) {
    const part = items.slice(start, start + pageSize);
    const more = start + pageSize < items.length;
    pages.push({ items: part, nextCursor: more ? (part.at(-1)?.id ?? null) : nextCursor });
  }
  return { pages, pageParams: [null, ...pages.slice(0, -1).map((page) => page.nextCursor ?? null)] };
}
