import type { TaskItem } from '@/server/reviews/schema';

type Picture = NonNullable<TaskItem['outputs'][number]['picture']>;

/** A place of the stage with one picture. */
export interface Pane {
  key: string;
  /** What it shows: a word of `reviewWork.pane`, with `name` where it is the item's own. */
  role: 'source' | 'target' | 'question' | 'output' | 'left' | 'right';
  name: string;
  /** Null where a model made none. */
  picture: Picture | null;
}

const roleOf = (name: string) => (name === 'source' || name === 'target' ? name : 'question');

/**
 * The pictures of an item in the order in which they are looked at: what was given, what came of it, what was wanted.
 * An output that is text has no place here.
 */
export function panesOf({ pictures, outputs }: Pick<TaskItem, 'pictures' | 'outputs'>): Pane[] {
  const given = pictures.map((picture, index): Pane => {
    const { name } = picture;
    return { key: `given ${index}`, role: roleOf(name), name, picture };
  });
  const sides = ['left', 'right'] as const;
  const made = outputs.flatMap(({ picture, text }, index): Pane[] => {
    if (picture === null && text !== null) return [];
    const role = outputs.length === 2 ? (sides[index] ?? 'output') : 'output';
    return [{ key: role, role, name: '', picture }];
  });
  return [
    ...given.filter(({ role }) => role !== 'target'),
    ...made,
    ...given.filter(({ role }) => role === 'target'),
  ];
}

/** The panes that are shown in one another's place: of a pair its two sides, else all. */
export function flickOrder(panes: readonly Pane[]): number[] {
  const places = panes.map((_, place) => place);
  const sides = places.filter((place) => ['left', 'right'].includes(panes[place]?.role ?? ''));
  return sides.length === 2 ? sides : places;
}

/** Which pane is shown after `shown`: the first output where none was. */
export function flickedNext(panes: readonly Pane[], shown: number | null): number | null {
  const order = flickOrder(panes);
  if (order.length < 2) return null;
  if (shown === null)
    return order.find((place) => ['output', 'left'].includes(panes[place]?.role ?? '')) ?? order[0] ?? null;
  return order[(order.indexOf(shown) + 1) % order.length] ?? null;
}
