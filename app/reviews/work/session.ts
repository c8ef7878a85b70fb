import {
  fitting,
  isUntouched,
  noAnswers,
  type Answers,
  type Rubric,
} from '../../../server/reviews/questions/rubric';
import type { Lease, NextResult, TaskItem } from '@/server/reviews/schema';
import { problemOf } from '../../_ui/error-text';
import { newRequestId } from '../../_ui/request-id';
import { createDraftSaver } from './draft-saver';
import { laterDraft, type Drafts } from './drafts';
import { createHeldItems, mostHeld } from './held-items';
import { createOutbox, isPassing, waitAfter } from './outbox';
import type { Entry, Held, Review, Undo, Work, WorkApi, WorkEvent } from './session-types';
import { createStopwatch, paceOf } from './stopwatch';

/** Items in hand: the one on the screen and those that are loaded ahead. */
const count = 3;
/** How far back one can go without asking the server what was done. */
const longestHistory = 50;

type News = WorkEvent extends infer E ? (E extends unknown ? Omit<E, 'n'> : never) : never;

interface SessionOptions {
  rubric: Rubric;
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
const isPair = ({ item }: Held) => item.outputs.length > 1;
/** The item is not this reviewer's any more. */
const losses = new Set(['LEASE_LOST', 'NOT_LEASED', 'ITEM_DECIDED', 'ITEM_UNKNOWN']);

/**
 * A reviewer's session on one queue. The page goes on at once; answers are sent in the background, in order, until
 * the server has them, and an answer that it refuses brings its item back. React only shows what `get` gives.
 */
export function createSession({ rubric, api, drafts, preload }: SessionOptions) {
  const listeners = new Set<() => void>();
  const watch = createStopwatch();
  const hand = createHeldItems(preload);
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
  /** Somebody wanted to ask while an answer was under way. */
  let askAgain = false;
  let failures = 0;
  /** Counts what was sent and what was answered: an answer to what was asked before either is out of date. */
  let moves = 0;
  let away = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const outbox = createOutbox<Entry, unknown>({ send, sent, refused, changed });
  const undoes = (taskId: string) =>
    outbox.entries.some((entry) => entry.kind === 'undo' && entry.of?.held.item.taskId === taskId);
  /** Whether a review is being brought back that this page knows nothing of. Without a network the work goes on. */
  const undoing = () => !outbox.offline && outbox.entries.some((entry) => entry.kind === 'undo' && !entry.of);
  const isWaiting = (taskId: string) =>
    outbox.entries.some((entry) => entry.kind !== 'undo' && entry.held.item.taskId === taskId);
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
    const done = Math.max(0, reviewed + given - taken);
    return {
      ...{ nothing, stopped, event },
      hand: hand.all,
      waiting: entries.length,
      offline: outbox.offline || failures > 0,
      drafting: saver.waiting.size > 0,
      undoing: undoing(),
      canUndo: history.length > 0 || done > 0,
      done,
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
    if (entry.kind === 'undo') return api.undo({ requestId: entry.id });
    return entry.kind === 'skip' ? api.skip(skipOf(entry)) : api.submit(submissionOf(entry));
  }
  const leaseOf = ({ item, lease }: Held) => leases.get(item.taskId) ?? lease;
  const skipOf = ({ held, reason }: Extract<Review, { kind: 'skip' }>) => ({
    ...{ taskId: held.item.taskId, lease: leaseOf(held), reason },
  });
  const submissionOf = ({ id, held, spentMs }: Extract<Review, { kind: 'submit' }>) => ({
    ...{ taskId: held.item.taskId, lease: leaseOf(held), answers: held.answers, spentMs, requestId: id },
  });

  function sent(entry: Entry, result: unknown): void {
    moves++;
    if (entry.kind === 'undo') tookBack(entry, result as Lease);
    else {
      if (entry.kind === 'submit') reviewed++;
      // Brought back meanwhile, it has a draft of its own; so it has where it was sent again since.
      const { taskId } = entry.held.item;
      if (!hand.find(taskId) && !isWaiting(taskId)) drafts.remove(taskId);
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
    const over = hand.unshift(held).filter((taskId) => !undoes(taskId));
    if (over.length > 0) api.release(over);
    tell({ kind: 'undone', item: held.item, answers: held.answers });
  }

  function refused(entry: Entry, error: unknown): 'keep' | 'drop' {
    moves++;
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
      // Nobody's half-given answers are pulled away from under their fingers, nor a pair, which one key decides.
      if (hand.first && (isPair(hand.first) || !isUntouched(hand.first.answers))) hand.second(back);
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
    if (away || stopped || outbox.entries.length > 0) return;
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    askAgain = false;
    clearTimeout(timer);
    const [holding, before] = [hand.ids, moves];
    try {
      const result = await api.next({ holding, count: Math.min(mostHeld, Math.max(count, holding.length)) });
      failures = 0;
      take(result, holding, moves === before);
    } catch (error) {
      if (isPassing(error)) timer = setTimeout(() => void refill(), waitAfter(failures++));
      else stopped = error;
    }
    asking = false;
    changed();
    // What was sent meanwhile freed items that this answer does not have.
    if (askAgain) void refill();
  }

  function take(result: NextResult, holding: readonly string[], upToDate: boolean): void {
    const offered = new Map(result.leases.map((lease) => [lease.item.taskId, lease.lease]));
    // Of an answer that is out of date only items that are new count: a lease in it may have ended with an undo, and an
    // item that it lacks may have been brought back since.
    if (upToDate) {
      if (result.nothing === 'closed') hand.clear();
      for (const taskId of holding) {
        if (offered.has(taskId)) hand.change(taskId, { lost: false });
        else if (!gone.has(taskId)) markLost(taskId);
      }
      for (const [taskId, lease] of offered) leases.set(taskId, lease);
    }
    const fresh = result.leases.filter(({ item }) => !hand.find(item.taskId) && !gone.has(item.taskId));
    for (const { item, lease, draft } of fresh) {
      leases.set(item.taskId, lease);
      const kept = drafts.read(item.taskId);
      const answers = fitting(laterDraft(kept, draft) ?? noAnswers, rubric);
      hand.append({ item, lease, answers, problem: null, lost: false });
      // What the server has not had, of a page that was closed in a hurry, it gets now.
      if (kept && !kept.known) saver.change(item.taskId, answers);
    }
    // Where something was sent meanwhile these counts are of before: it is asked again as soon as all is sent.
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
    post(review);
    return true;
  }
  function post(entry: Entry): void {
    moves++;
    outbox.add(entry);
  }
  /** The item on the screen, where it can be sent. Not while another one is about to take its place. */
  const canFinish = () => (hand.first && !hand.first.lost && !stopped && !undoing() ? hand.first : null);

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
    /**
     * The page is about to be gone, and with it the requests that are under way: what is not confirmed is sent once more,
     * in requests that outlive the page. Up to the first undo: these arrive in no order, and taking back needs one.
     */
    partWith(): void {
      const { entries } = outbox;
      const end = entries.findIndex(({ kind }) => kind === 'undo');
      for (const entry of entries.slice(0, end < 0 ? undefined : end)) {
        if (entry.kind === 'submit') api.part({ submit: submissionOf(entry) });
        else if (entry.kind === 'skip') api.part({ skip: skipOf(entry) });
      }
      this.leave();
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
    /**
     * @param taskId the item that the reason was given for: another one may be on the screen by now
     * @returns false where it cannot be sent
     */
    skip(taskId: string, reason: string): boolean {
      const held = canFinish();
      if (held?.item.taskId !== taskId) return false;
      return finish({ kind: 'skip', id: newRequestId(), held, reason });
    },
    /**
     * Brings back the last one that was submitted or skipped, with its answers. The review and its withdrawal are both
     * sent, however fast one came after the other: what is on record does not depend on the network.
     * @returns false where there is none, or nothing can be sent
     */
    undo(): boolean {
      if (stopped || !shown.canUndo) return false;
      const last = history.at(-1) ?? null;
      history = history.slice(0, -1);
      if (last) show(last.held);
      post({ kind: 'undo', id: newRequestId(), of: last });
      changed();
      return true;
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
