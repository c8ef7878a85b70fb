import type { TaskItem } from '@/server/reviews/schema';
import type { Held } from './session-types';

/** The most items that the server keeps for one page. */
export const mostHeld = 5;

/**
 * The items in a reviewer's hand; the first is on the screen.
 * @param dealt is told whenever others are in hand: their pictures are fetched ahead
 */
export function createHeldItems(dealt: (items: readonly TaskItem[]) => void) {
  let held: readonly Held[] = [];
  const find = (taskId: string) => held.find(({ item }) => item.taskId === taskId);
  const deal = (next: readonly Held[]) => {
    held = next;
    dealt(held.map(({ item }) => item));
  };
  return {
    get all() {
      return held;
    },
    get first() {
      return held[0];
    },
    get ids() {
      return held.slice(0, mostHeld).map(({ item }) => item.taskId);
    },
    find,
    change(taskId: string, change: Partial<Held>): void {
      held = held.map((one) => (one.item.taskId === taskId ? { ...one, ...change } : one));
    },
    append: (one: Held) => deal([...held, one]),
    remove: (taskId: string) => deal(held.filter(({ item }) => item.taskId !== taskId)),
    clear: () => deal([]),
    /** Puts an item on the screen. @returns the ids of those that there is no room for any more */
    unshift(one: Held): string[] {
      const next = [one, ...held];
      deal(next.slice(0, mostHeld));
      return next.slice(mostHeld).map(({ item }) => item.taskId);
    },
    /** Puts an item behind the one on the screen. */
    second(one: Held): void {
      deal([...held.slice(0, 1), one, ...held.slice(1)]);
    },
  };
}
