import { ModelError } from '../errors';
import type { Graph, GraphSet, Loaded } from './graph';
import { sizeText } from './memory';

/** A graph in memory. */
export interface Session<Name extends string> extends Graph<Name> {
  close(): Promise<void>;
}

interface Options<Name extends string> {
  /** What the weights of a graph take. */
  bytesOf?: (name: Name) => number;
  /** Bytes that all of them together may take. */
  limit?: number;
  /** Called at the start, and whenever something is loaded, loading or let go of. */
  onChange?: (loaded: Loaded<Name>) => void;
}

/** A graph that is in memory or on its way. */
interface Slot<Name extends string> {
  session: Promise<Session<Name>>;
  since: number;
  ready: boolean;
  users: number;
}

/**
 * A set over a loader: concurrent calls share one load, and a failed load is forgotten, so that the next call
 * tries again.
 */
export function graphSet<Name extends string>(
  names: readonly Name[],
  load: (name: Name) => Promise<Session<Name>>,
  { bytesOf = () => 0, limit = Infinity, onChange }: Options<Name> = {},
): GraphSet<Name> {
  /** The one that was used last comes last. */
  const slots = new Map<Name, Slot<Name>>();
  /** Of graphs that have been let in and are not closed. */
  let held = 0;
  /** One graph at a time is let in: two would wait for each other's room. */
  let turn: Promise<void> = Promise.resolve();
  const waiting: (() => void)[] = [];

  const loaded = (): Loaded<Name> => {
    const sized = (name: Name) => ({ name, bytes: bytesOf(name) });
    const known = [...slots];
    return {
      graphs: known.flatMap(([name, { ready }]) => (ready ? [sized(name)] : [])),
      loading: known.flatMap(([name, { ready, since }]) => (ready ? [] : [{ ...sized(name), since }])),
      tooLarge: names.map(sized).filter(({ bytes }) => bytes > limit),
      limit: Number.isFinite(limit) ? limit : null,
    };
  };
  const wake = () => {
    for (const look of waiting.splice(0)) look();
  };
  const changed = () => {
    wake();
    onChange?.(loaded());
  };

  const unload = async (name: Name, slot: Slot<Name>) => {
    if (slots.get(name) !== slot) return;
    slots.delete(name);
    await (await slot.session).close();
    held -= bytesOf(name);
    changed();
  };

  const admit = (wanted: readonly Name[]) => {
    for (const name of wanted)
      if (bytesOf(name) > limit)
        throw new ModelError(
          'does_not_fit',
          `The graph ${name} needs ${sizeText(bytesOf(name))} of the device’s memory, and ${sizeText(limit)} may be used (DEVICE_MEMORY). Use weights of a smaller precision or a device with more memory.`,
        );
  };

  /** Waits until there is room, and makes it from graphs that nobody uses. */
  const letIn = async (name: Name) => {
    const bytes = bytesOf(name);
    admit([name]);
    while (held + bytes > limit) {
      const idle = [...slots].find(([, { ready, users }]) => ready && users === 0);
      if (idle) await unload(...idle);
      else await new Promise<void>((resolve) => waiting.push(resolve));
    }
    held += bytes;
  };

  const begin = async (name: Name): Promise<Session<Name>> => {
    const entry = turn.then(() => letIn(name));
    turn = entry.catch(() => undefined);
    await entry;
    try {
      return await load(name);
    } catch (error) {
      held -= bytesOf(name);
      throw error;
    }
  };

  const slotOf = (name: Name): Slot<Name> => {
    const known = slots.get(name);
    if (known) return known;
    const slot: Slot<Name> = { session: begin(name), since: Date.now(), ready: false, users: 0 };
    slots.set(name, slot);
    slot.session.then(
      () => {
        slot.ready = true;
        changed();
      },
      () => {
        if (slots.get(name) === slot) slots.delete(name);
        changed();
      },
    );
    changed();
    return slot;
  };

  const working = async <T>(
    name: Name,
    work: (session: Session<Name>) => Promise<T>,
    letGo = false,
  ): Promise<T> => {
    const slot = slotOf(name);
    slot.users++;
    try {
      return await work(await slot.session);
    } finally {
      slot.users--;
      if (slots.get(name) === slot) {
        slots.delete(name);
        slots.set(name, slot);
      }
      if (letGo && slot.users === 0 && slot.ready) await unload(name, slot);
      else if (slot.users === 0) wake();
    }
  };

  const get = async (name: Name): Promise<Graph<Name>> => {
    const { spec } = await slotOf(name).session;
    return { name, spec, run: (feeds) => working(name, (session) => session.run(feeds)) };
  };
  // Where nothing fits, nothing else would ever say so.
  onChange?.(loaded());
  return {
    has: (name) => names.includes(name),
    get,
    borrow: (name, work) => working(name, work, true),
    preload: async (wanted) => {
      for (const name of wanted) if (held + bytesOf(name) <= limit) await get(name);
    },
    admit,
    loaded,
    close: async () => {
      const open = await Promise.allSettled([...slots.values()].map(({ session }) => session));
      slots.clear();
      for (const session of open) if (session.status === 'fulfilled') await session.value.close();
      held = 0;
    },
  };
}
