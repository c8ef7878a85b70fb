import type { Answers, Lease, NextResult, Rubric, TaskItem } from '@/server/reviews/schema';
import { problemOf } from '../../_components/error-text';
import { newRequestId } from '../../_components/request-id';
import { fitting, isUntouched, noAnswers } from './answers';
import { createDraftSaver } from './draft-saver';
import { laterDraft, type Drafts } from './drafts';
import { createHand, mostHeld } from './hand';
import { createOutbox, isPassing, waitAfter } from './outbox';
import type { Held, Work, WorkApi, WorkEvent } from './session-types';
import { createStopwatch, paceOf } from './stopwatch';

/** Items in hand: the one on the screen and those that are loaded ahead. */
const count = 3;
/** How far back one can go without asking the server what was done. */
const longestHistory = 50;

type Review = { id: string; held: Held } & (
  { kind: 'submit'; spentMs: number } | { kind: 'skip'; reason: string }
);
/** `of`: the review that it takes back, where this page gave it. */
type Undo = { id: string; kind: 'undo'; of: Review | null };
type Entry = Review | Undo;
type News = WorkEvent extends infer E ? (E extends unknown ? Omit<E, 'n'> : never) : never;

interface SessionOptions {
  /** Null for pairs. */
  rubric: Rubric | null;
  api: WorkApi;
  drafts: Drafts;
  /** Told of the items in hand whenever they change: their pictures are fetched ahead. */
  preload: (items: readonly TaskItem[]) => void;
}

export type Session = ReturnType<typeof createSession>;

const stops = new Set([
  ...['SIGN_IN', 'UNAUTHENTICATED', 'UNAUTHORIZED', 'ROLE_NEEDED', 'FORBIDDEN'],
  ...['NOT_ASSIGNED', 'QUEUE_UNKNOWN', 'NOT_FOUND'],
]);
/** Whether nothing goes on until somebody does something: signs in, gives the role back. */
const mustStop = (error: unknown) => stops.has(problemOf(error).reason ?? '');
/** The item is not this reviewer's any more. */
const losses = new Set(['LEASE_LOST', 'NOT_LEASED', 'ITEM_DECIDED', 'ITEM_UNKNOWN']);

/**
 * A reviewer's session on one queue. The page goes on at once; answers are sent in the background, in order, until
 * the server has them, and an answer that it refuses brings its item back. React only shows what `get` gives.
 */
export function createSession({ rubric, api, drafts, preload }: SessionOptions) {
  const listeners = new Set<() => void>();
  const watch = createStopwatch();
  const hand = createHand(preload);
  /** Handled here, whether or not the server knows: it may still offer them. */
  const gone = new Set<string>();
  const leases = new Map<string, string>();
  let history: Review[] = [];
  let durations: number[] = [];
  let nothing: Work['nothing'] = null;
  let stopped: unknown = null;
  let [reviewed, left] = [0, 0];
  let event: WorkEvent | null = null;
  let asking = false;
  let failures = 0;
  /** Counts what the server has answered: what was asked before that is out of date. */
  let settled = 0;
  let away = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const outbox = createOutbox<Entry, unknown>({ send, sent, refused, changed });
  const undoes = (taskId: string) =>
    outbox.entries.some((entry) => entry.kind === 'undo' && entry.of?.held.item.taskId === taskId);
  const saver = createDraftSaver({
    drafts,
    // The lease of an item that is being taken back is on its way: later.
    save: (taskId, answers) =>
      undoes(taskId)
        ? Promise.reject(new Error('not leased yet'))
        : api.saveDraft({ taskId, lease: leases.get(taskId) ?? '', answers }),
    lost: markLost,
    changed,
  });
  let shown = snapshot();

  function snapshot(): Work {
    const { entries } = outbox;
    const given = entries.filter(({ kind }) => kind === 'submit').length;
    const taken = entries.filter((entry) => entry.kind === 'undo' && entry.of?.kind !== 'skip').length;
    return {
      ...{ nothing, stopped, event },
      hand: hand.all,
      waiting: entries.length,
      offline: outbox.offline || failures > 0,
      drafting: saver.waiting.size > 0,
      undoing: entries.some((entry) => entry.kind === 'undo' && !entry.of),
      canUndo: history.length > 0 || reviewed > 0,
      done: Math.max(0, reviewed + given - taken),
      left: left + hand.all.filter(({ lost }) => !lost).length,
      pace: paceOf(durations),
    };
  }
  function changed(): void {
    watch.show(hand.first?.item.taskId ?? null);
    shown = snapshot();
    for (const listener of listeners) listener();
  }
  function tell(news: News): void {
    event = { ...news, n: (event?.n ?? 0) + 1 };
  }

  async function send(entry: Entry): Promise<unknown> {
    if (entry.kind === 'undo') return api.undo();
    const { item, answers, lease: given } = entry.held;
    const { taskId } = item;
    const lease = leases.get(taskId) ?? given;
    if (entry.kind === 'skip') return api.skip({ taskId, lease, reason: entry.reason });
    return api.submit({ taskId, lease, answers, spentMs: entry.spentMs, requestId: entry.id });
  }

  function sent(entry: Entry, result: unknown): void {
    settled++;
    if (entry.kind === 'undo') tookBack(entry, result as Lease);
    else {
      if (entry.kind === 'submit') reviewed++;
      // Brought back meanwhile, it has a draft of its own.
      if (!hand.find(entry.held.item.taskId)) drafts.remove(entry.held.item.taskId);
    }
    void refill();
  }

  function tookBack({ of }: Undo, { item, lease, draft }: Lease): void {
    const { taskId } = item;
    if (of?.kind !== 'skip') reviewed--;
    leases.set(taskId, lease);
    // Another page of the same reviewer was later: what it did is what was taken back.
    const expected = of?.held.item.taskId;
    if (expected && expected !== taskId) hand.remove(expected);
    if (expected === taskId) return;
    const answers = fitting(draft ?? noAnswers, rubric);
    show({ item, lease, answers, problem: null, lost: false });
  }

  /** Puts an item that was done on the screen again. */
  function show(held: Held): void {
    gone.delete(held.item.taskId);
    const over = hand.unshift(held);
    if (over.length > 0) api.release(over);
    tell({ kind: 'undone', item: held.item, answers: held.answers });
  }

  function refused(entry: Entry, error: unknown): 'keep' | 'drop' {
    settled++;
    if (mustStop(error)) {
      stopped = error;
      return 'keep';
    }
    if (entry.kind === 'undo') notTakenBack(entry, error);
    else bringBack(entry, error);
    void refill();
    return 'drop';
  }

  function notTakenBack({ of }: Undo, problem: unknown): void {
    const item = of?.held.item ?? null;
    if (item) {
      hand.remove(item.taskId);
      gone.add(item.taskId);
      drafts.remove(item.taskId);
    }
    tell({ kind: 'kept', item, problem });
  }

  function bringBack(entry: Review, problem: unknown): void {
    const { item, answers } = entry.held;
    const { taskId } = item;
    history = history.filter(({ id }) => id !== entry.id);
    const undo = outbox.entries.find((other) => other.kind === 'undo' && other.of?.id === entry.id);
    if (undo) outbox.takeBack(undo.id);
    const { reason } = problemOf(problem);
    if (reason === 'ALREADY_REVIEWED') {
      hand.remove(taskId);
      drafts.remove(taskId);
      return tell({ kind: 'kept', item, problem });
    }
    const lost = losses.has(reason ?? '');
    gone.delete(taskId);
    if (hand.find(taskId)) hand.change(taskId, { problem, lost });
    else {
      const back = { ...entry.held, problem, lost };
      // Nobody's half-given answers are pulled away from under their fingers.
      if (hand.first && !isUntouched(hand.first.answers)) hand.second(back);
      else hand.unshift(back);
    }
    tell({ kind: lost ? 'lost' : 'returned', item, answers });
  }

  function markLost(taskId: string): void {
    const held = hand.find(taskId);
    if (!held || held.lost) return;
    if (held !== hand.first && isUntouched(held.answers)) return hand.remove(taskId);
    hand.change(taskId, { lost: true });
    tell({ kind: 'lost', item: held.item, answers: held.answers });
  }

  /** Renews what is in hand and fills it up. It waits until everything is sent: what is sent frees items. */
  async function refill(): Promise<void> {
    if (asking || away || stopped || outbox.entries.length > 0) return;
    asking = true;
    clearTimeout(timer);
    const [holding, before] = [hand.ids, settled];
    try {
      const result = await api.next({ holding, count: Math.min(mostHeld, Math.max(count, holding.length)) });
      failures = 0;
      take(result, holding, settled === before);
    } catch (error) {
      if (isPassing(error)) timer = setTimeout(() => void refill(), waitAfter(failures++));
      else stopped = error;
    }
    asking = false;
    changed();
  }

  function take(result: NextResult, holding: readonly string[], upToDate: boolean): void {
    if (result.nothing === 'closed') hand.clear();
    const offered = new Map(result.leases.map((lease) => [lease.item.taskId, lease.lease]));
    for (const taskId of holding) {
      const lease = offered.get(taskId);
      if (lease !== undefined) hand.change(taskId, { lost: false });
      else if (upToDate && !gone.has(taskId)) markLost(taskId);
    }
    for (const [taskId, lease] of offered) leases.set(taskId, lease);
    const fresh = result.leases.filter(({ item }) => !hand.find(item.taskId) && !gone.has(item.taskId));
    for (const { item, lease, draft } of fresh) {
      const kept = drafts.read(item.taskId);
      const answers = fitting(laterDraft(kept, draft) ?? noAnswers, rubric);
      hand.append({ item, lease, answers, problem: null, lost: false });
      // What the server has not had, of a page that was closed in a hurry, it gets now.
      if (kept && !kept.known) saver.change(item.taskId, answers);
    }
    // Where something was sent meanwhile these counts are of before, and another answer is on its way.
    if (upToDate) ({ nothing, reviewed, left } = result);
  }

  function finish(review: Review): boolean {
    const { item, answers } = review.held;
    saver.settle(item.taskId);
    drafts.write(item.taskId, answers, false);
    gone.add(item.taskId);
    history = [...history, review].slice(-longestHistory);
    hand.remove(item.taskId);
    tell({ kind: review.kind === 'skip' ? 'skipped' : 'saved', item, answers });
    outbox.add(review);
    return true;
  }
  const canFinish = () => (hand.first && !hand.first.lost && !stopped ? hand.first : null);

  return {
    get: () => shown,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Begins, or goes on after `leave`. */
    start(): void {
      away = false;
      void refill();
    },
    /** Lets others have what is in hand. What waits to be sent is sent all the same. */
    leave(): void {
      away = true;
      clearTimeout(timer);
      void saver.flush();
      const free = hand.ids.filter((taskId) => !undoes(taskId));
      if (free.length > 0 && !stopped) api.release(free);
    },
    /** Renews the leases, and sends at once what waited for the network. */
    wake(): void {
      outbox.flush();
      void refill();
    },
    look: watch.look,
    answer(answers: Answers): void {
      if (!hand.first) return;
      const { taskId } = hand.first.item;
      hand.change(taskId, { answers });
      saver.change(taskId, answers);
      changed();
    },
    /** Sends the answers to the item on the screen, and goes on to the next. @returns false where it cannot be sent */
    submit(answers: Answers): boolean {
      const held = canFinish();
      if (!held) return false;
      const spentMs = Math.min(watch.read(held.item.taskId), 86_400_000);
      durations = [...durations, spentMs].slice(-20);
      return finish({
        kind: 'submit',
        id: newRequestId(),
        held: { ...held, answers, problem: null },
        spentMs,
      });
    },
    /** @returns false where it cannot be sent */
    skip(reason: string): boolean {
      const held = canFinish();
      return held !== null && finish({ kind: 'skip', id: newRequestId(), held, reason });
    },
    /** Brings back the last one that was submitted or skipped, with its answers. */
    undo(): void {
      if (stopped || shown.undoing) return;
      const last = history.at(-1) ?? null;
      history = history.slice(0, -1);
      if (last) {
        const wasSent = !outbox.takeBack(last.id);
        show(last.held);
        if (wasSent) outbox.add({ kind: 'undo', id: newRequestId(), of: last });
      } else if (shown.canUndo) outbox.add({ kind: 'undo', id: newRequestId(), of: null });
      changed();
    },
    /** Puts away an item that is lost; its answers stay on this device. */
    drop(): void {
      if (hand.first?.lost) hand.remove(hand.first.item.taskId);
      changed();
      void refill();
    },
    /** Tries again after `stopped`. */
    resume(): void {
      stopped = null;
      outbox.resume();
      changed();
      void refill();
    },
    /** Whether leaving now would lose something. */
    get unsaved() {
      return outbox.entries.length > 0 || saver.atRisk;
    },
  };
}
