import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answers, Lease, NextResult } from '@/server/reviews/schema';
import { noAnswers, type Rubric } from '../../../server/reviews/questions/rubric';
import type { Drafts } from './drafts';
import { createSession } from './session';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const offline = () => new TypeError('Failed to fetch');
const refusal = (reason: string, httpStatus = 409) =>
  Object.assign(new Error(reason), { data: { httpStatus, reason } });
const pass: Answers = { ...noAnswers, verdict: 'pass' };

/** A promise that is settled when the test says so. */
function later<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

/** A queue of items t0 … as the server keeps it, for one reviewer. */
function queueOf(n: number) {
  const ids = Array.from({ length: n }, (_, i) => `t${i}`);
  const reviewed: string[] = [];
  const taken = new Set<string>();
  const lease = (taskId: string): Lease => ({
    lease: `lease of ${taskId}`,
    expiresAt: new Date(0),
    item: {
      ...{ taskId, position: 0, task: 'generate', group: null, prompt: taskId, pictures: [], options: [] },
      ...{ answers: [], outputs: [{ picture: null, text: null, model: null }], flag: null },
    },
    draft: null,
  });
  const local = new Map<string, { answers: Answers; known: boolean }>();
  const drafts: Drafts = {
    read: (id) => local.get(id) ?? null,
    write: (id, answers, known) => Boolean(local.set(id, { answers, known })),
    remove: (id) => void local.delete(id),
  };
  const api = {
    next: vi.fn(({ count }: { count: number }): Promise<NextResult> => {
      const open = ids.filter((id) => !reviewed.includes(id) && !taken.has(id));
      return Promise.resolve({
        leases: open.slice(0, count).map(lease),
        left: Math.max(0, open.length - count),
        reviewed: reviewed.length,
        nothing: open.length > 0 ? null : taken.size > 0 ? 'others' : 'done',
      });
    }),
    submit: vi.fn(({ taskId }: { taskId: string }): Promise<unknown> =>
      Promise.resolve(reviewed.push(taskId)),
    ),
    skip: vi.fn(({ taskId }: { taskId: string }): Promise<unknown> => Promise.resolve(reviewed.push(taskId))),
    undo: vi.fn((_: { requestId: string }): Promise<Lease> => {
      const last = reviewed.pop();
      return last
        ? Promise.resolve({ ...lease(last), draft: pass })
        : Promise.reject(refusal('NOTHING_TO_UNDO'));
    }),
    saveDraft: vi.fn((): Promise<{ expiresAt: Date | null }> => Promise.resolve({ expiresAt: new Date(0) })),
    part: vi.fn(),
    release: vi.fn(),
  };
  const rubric: Rubric = {
    questions: [
      { type: 'verdict', question: 'Good?' },
      { type: 'comment', need: 'optional' },
    ],
  };
  const preload = vi.fn();
  const session = createSession({ rubric, api, drafts, preload });
  const hand = () => session.get().hand.map(({ item }) => item.taskId);
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { session, api, reviewed, taken, local, hand, settle, preload };
}

test('three are in hand, the next one is there at once, and the hand is filled up', async () => {
  const { session, hand, settle, api, reviewed, preload } = queueOf(5);
  session.start();
  await settle();
  expect(hand()).toEqual(['t0', 't1', 't2']);
  expect(session.get()).toMatchObject({ left: 5, done: 0 });
  expect(session.submit(pass)).toBe(true);
  expect(hand()).toEqual(['t1', 't2']);
  expect(session.get()).toMatchObject({ left: 4, done: 1, waiting: 1 });
  await settle();
  expect(hand()).toEqual(['t1', 't2', 't3']);
  expect(preload.mock.lastCall?.[0]).toHaveLength(3);
  expect(session.get()).toMatchObject({ left: 4, done: 1, waiting: 0 });
  expect(api.next.mock.lastCall?.[0]).toEqual({ holding: ['t1', 't2'], count: 3 });
  for (let i = 0; i < 4; i++) {
    session.submit(pass);
    await settle();
  }
  expect(session.get()).toMatchObject({ hand: [], nothing: 'done', done: 5, left: 0 });
  expect(session.submit(pass)).toBe(false);
  expect(reviewed).toEqual(['t0', 't1', 't2', 't3', 't4']);
});

test('a draft stays on this device at once, goes to the server after a rest, and is gone when it is submitted', async () => {
  const { session, api, local, settle } = queueOf(2);
  session.start();
  await settle();
  session.answer({ ...pass, comment: 'a' });
  session.answer({ ...pass, comment: 'ab' });
  expect(local.get('t0')).toEqual({ answers: { ...pass, comment: 'ab' }, known: false });
  await vi.advanceTimersByTimeAsync(2000);
  expect(api.saveDraft).toHaveBeenCalledOnce();
  expect(local.get('t0')?.known).toBe(true);
  session.submit({ ...pass, comment: 'ab' });
  expect(local.has('t0')).toBe(true);
  await settle();
  expect(local.has('t0')).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(api.saveDraft).toHaveBeenCalledOnce();
});

test('a draft of this device is there again; it is later than what the server has', async () => {
  const { session, local, settle } = queueOf(1);
  local.set('t0', { answers: { ...pass, comment: 'here' }, known: false });
  session.start();
  await settle();
  expect(session.get().hand[0]?.answers.comment).toBe('here');
});

test('offline: the work goes on with what is in hand, and all of it arrives in order', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(offline());
  session.submit(pass);
  session.submit(pass);
  await settle();
  expect(session.get()).toMatchObject({ offline: true, waiting: 2, done: 2 });
  expect(session.unsaved).toBe(true);
  expect(hand()).toEqual(['t2']);
  session.wake();
  await settle();
  expect(reviewed).toEqual(['t0', 't1']);
  expect(session.get()).toMatchObject({ offline: false, waiting: 0, done: 2 });
  expect(session.unsaved).toBe(false);
  expect(hand()).toEqual(['t2', 't3']);
  // Sent again it is the same review.
  const [first, second] = api.submit.mock.calls.map(([input]) => (input as { requestId?: string }).requestId);
  expect(first).toBe(second);
});

test('a review and its undo are both sent, however fast the one comes after the other', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  session.start();
  await settle();
  const first = later<unknown>();
  api.submit.mockImplementationOnce(({ taskId }) => first.promise.then(() => reviewed.push(taskId)));
  session.submit(pass);
  session.submit({ ...pass, comment: 'second' });
  // The first is on its way and the second waits: the record has it all the same.
  session.undo();
  expect(hand()).toEqual(['t1', 't2']);
  expect(session.get().hand[0]?.answers.comment).toBe('second');
  expect(session.get()).toMatchObject({ done: 1, waiting: 3 });
  session.submit({ ...pass, comment: 'third' });
  first.resolve(null);
  await settle();
  const said = api.submit.mock.calls.map(([input]) => (input as { answers?: Answers }).answers?.comment);
  expect(said).toEqual(['', 'second', 'third']);
  expect(api.undo).toHaveBeenCalledOnce();
  expect(api.undo.mock.invocationCallOrder[0]).toBeLessThan(api.submit.mock.invocationCallOrder[2]!);
  expect(reviewed).toEqual(['t0', 't1']);
  expect(session.get()).toMatchObject({ done: 2, left: 2, waiting: 0 });
});

test('offline, several are taken back: all of it is sent in order', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(offline());
  session.submit(pass);
  session.submit({ ...pass, comment: 'second' });
  await settle();
  session.undo();
  expect(hand()).toEqual(['t1', 't2']);
  expect(session.get().hand[0]?.answers.comment).toBe('second');
  session.undo();
  expect(hand()).toEqual(['t0', 't1', 't2']);
  expect(session.get()).toMatchObject({ done: 0, canUndo: false });
  expect(session.undo()).toBe(false);
  session.wake();
  await settle();
  expect(api.undo).toHaveBeenCalledTimes(2);
  expect(reviewed).toEqual([]);
  expect(hand()).toEqual(['t0', 't1', 't2']);
  expect(session.get()).toMatchObject({ done: 0, left: 4, waiting: 0 });
});

test('an undo whose answer was lost is sent again with its id', async () => {
  const { session, api, settle } = queueOf(4);
  session.start();
  await settle();
  session.submit(pass);
  await settle();
  api.undo.mockRejectedValueOnce(offline());
  session.undo();
  await settle();
  session.wake();
  await settle();
  const ids = api.undo.mock.calls.map(([{ requestId }]) => requestId);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});

test('what is submitted while the next items are on their way: they are asked for again', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  session.start();
  await settle();
  const slow = later<NextResult>();
  api.next.mockImplementationOnce(() => slow.promise);
  session.submit(pass);
  await settle();
  // Everything in hand is sent and taken in before the answer to what was asked at the beginning.
  session.submit(pass);
  session.submit(pass);
  await settle();
  expect(hand()).toEqual([]);
  slow.resolve({ leases: [], left: 1, reviewed: 1, nothing: null });
  await settle();
  expect(hand()).toEqual(['t3']);
  session.submit(pass);
  await settle();
  expect(reviewed).toEqual(['t0', 't1', 't2', 't3']);
  expect(session.get()).toMatchObject({ hand: [], nothing: 'done', done: 4, left: 0 });
});

test('an old answer of the server neither takes an item that was brought back nor renews its old lease', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  session.start();
  await settle();
  const slow = later<NextResult>();
  api.next.mockImplementationOnce(() => slow.promise);
  session.wake();
  // Read before the review was taken back, so t0 is not in it; t1 has a lease that has ended since.
  const { leases } = await api.next({ count: 3 });
  const old = { leases: [{ ...leases[1]!, lease: 'old' }], left: 1, reviewed: 1, nothing: null };
  const sending = later<unknown>();
  api.submit.mockImplementationOnce(({ taskId }) => sending.promise.then(() => reviewed.push(taskId)));
  session.submit(pass);
  session.undo();
  slow.resolve(old);
  await settle();
  expect(session.get().hand.map(({ lost }) => lost)).toEqual([false, false, false]);
  expect(hand()[0]).toBe('t0');
  sending.resolve(null);
  await settle();
  session.submit(pass);
  session.submit(pass);
  await settle();
  expect(api.submit.mock.lastCall?.[0]).toMatchObject({ taskId: 't1', lease: 'lease of t1' });
});

test('while the last review of another page is being brought back nothing is sent of the item that it covers', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  reviewed.push('t2', 't1');
  session.start();
  await settle();
  const slow = later<Lease>();
  const undo = api.undo.getMockImplementation()!;
  api.undo.mockImplementationOnce((input) => slow.promise.then(() => undo(input)));
  expect(session.undo()).toBe(true);
  expect(session.get().undoing).toBe(true);
  expect(session.submit(pass)).toBe(false);
  // Pressed twice it takes back two.
  expect(session.undo()).toBe(true);
  expect(session.undo()).toBe(false);
  slow.resolve({} as Lease);
  await settle();
  expect(hand()).toEqual(['t2', 't1', 't0', 't3']);
  expect(reviewed).toEqual([]);
  expect(session.submit(pass)).toBe(true);
});

test('without a network an undo that waits does not hold up the work', async () => {
  const { session, api, reviewed, settle, hand } = queueOf(4);
  reviewed.push('t1');
  session.start();
  await settle();
  api.undo.mockRejectedValueOnce(offline());
  session.undo();
  await settle();
  expect(session.get()).toMatchObject({ undoing: false, offline: true });
  expect(session.submit(pass)).toBe(true);
  session.wake();
  await settle();
  expect(reviewed).toEqual(['t0']);
  expect(hand()[0]).toBe('t1');
});

test('a reason to skip is for the item that it was asked for', async () => {
  const { session, api, settle, hand } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(refusal('COMMENT_NEEDED', 400));
  session.submit(pass);
  // The reason is asked for t1, and meanwhile t0 comes back.
  await settle();
  expect(hand()[0]).toBe('t0');
  expect(session.skip('t1', 'too dark')).toBe(false);
  expect(hand()[0]).toBe('t0');
  session.submit({ ...pass, comment: 'now' });
  expect(session.skip('t1', 'too dark')).toBe(true);
  await settle();
  expect(api.skip.mock.calls.map(([{ taskId }]) => taskId)).toEqual(['t1']);
});

test('the device keeps the later answers until they are taken in, not only the first', async () => {
  const { session, api, local, settle } = queueOf(3);
  session.start();
  await settle();
  session.submit({ ...pass, comment: 'first' });
  session.undo();
  const slow = later<unknown>();
  session.submit({ ...pass, comment: 'later' });
  api.submit.mockImplementationOnce(() => slow.promise);
  await settle();
  expect(local.get('t0')?.answers.comment).toBe('later');
  slow.resolve(null);
  await settle();
  expect(local.has('t0')).toBe(false);
});

test('a page that goes away sends once more what is not confirmed, up to what needs an order', async () => {
  const { session, api, settle } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockImplementation(() => later<unknown>().promise);
  session.submit({ ...pass, comment: 'under way' });
  session.skip('t1', 'too dark');
  session.submit({ ...pass, comment: 'taken back' });
  session.undo();
  session.partWith();
  expect(api.part.mock.calls.map(([what]) => Object.values(what as object)[0])).toMatchObject([
    { taskId: 't0', answers: { comment: 'under way' }, requestId: expect.any(String) },
    { taskId: 't1', reason: 'too dark' },
    { taskId: 't2', answers: { comment: 'taken back' } },
  ]);
});

test('undo after a reload asks the server what was last', async () => {
  const { session, reviewed, settle, hand } = queueOf(3);
  reviewed.push('t1');
  session.start();
  await settle();
  expect(hand()).toEqual(['t0', 't2']);
  session.undo();
  expect(session.get().undoing).toBe(true);
  await settle();
  expect(hand()).toEqual(['t1', 't0', 't2']);
  expect(session.get().hand[0]?.answers.verdict).toBe('pass');
  expect(session.get()).toMatchObject({ undoing: false, done: 0 });
});

test('an undo that is refused leaves the review as it was', async () => {
  const { session, api, settle, hand } = queueOf(3);
  session.start();
  await settle();
  session.submit(pass);
  await settle();
  api.undo.mockRejectedValueOnce(refusal('NOTHING_TO_UNDO'));
  session.undo();
  expect(hand()[0]).toBe('t0');
  await settle();
  expect(hand()).toEqual(['t1', 't2']);
  expect(session.get()).toMatchObject({ done: 1, event: { kind: 'kept' } });
});

test('a refused answer brings its item back, behind one that is being answered', async () => {
  const { session, api, settle, hand } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(refusal('COMMENT_NEEDED', 400));
  session.submit({ ...pass, comment: 'mine' });
  session.answer({ ...noAnswers, comment: 'typing' });
  await settle();
  expect(hand().slice(0, 2)).toEqual(['t1', 't0']);
  expect(session.get().hand[1]).toMatchObject({ answers: { comment: 'mine' }, lost: false });
  expect(session.get().hand[1]?.problem).toBeInstanceOf(Error);
  expect(session.get()).toMatchObject({ done: 0, event: { kind: 'returned' } });
});

test('a refused answer comes back at once where nothing was begun', async () => {
  const { session, api, settle, hand } = queueOf(4);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(refusal('LEASE_LOST'));
  session.submit({ ...pass, comment: 'mine' });
  await settle();
  expect(hand()[0]).toBe('t0');
  expect(session.get().event).toMatchObject({ kind: 'lost' });
});

test('a lease lost while typing keeps the text, says so, and sends nothing', async () => {
  const { session, api, settle, hand, local, taken } = queueOf(3);
  session.start();
  await settle();
  session.answer({ ...pass, comment: 'long thoughts' });
  taken.add('t0').add('t1');
  session.wake();
  await settle();
  expect(session.get().hand[0]).toMatchObject({ lost: true, answers: { comment: 'long thoughts' } });
  expect(hand()).toEqual(['t0', 't2']);
  expect(session.submit(pass)).toBe(false);
  expect(api.submit).not.toHaveBeenCalled();
  // It is free again: the next answer of the server gives it back.
  taken.delete('t0');
  session.wake();
  await settle();
  expect(session.get().hand[0]?.lost).toBe(false);
  taken.add('t0');
  session.wake();
  await settle();
  session.drop();
  expect(hand()).toEqual(['t2']);
  expect(local.get('t0')?.answers.comment).toBe('long thoughts');
});

test('a lease that is lost by the time a draft is saved', async () => {
  const { session, api, settle } = queueOf(3);
  api.saveDraft.mockResolvedValue({ expiresAt: null });
  session.start();
  await settle();
  session.answer({ ...pass, comment: 'x' });
  await vi.advanceTimersByTimeAsync(2000);
  expect(session.get().hand[0]).toMatchObject({ lost: true, answers: { comment: 'x' } });
});

test('a role that is taken away keeps the answers, and they are sent when it is back', async () => {
  const { session, api, reviewed, settle, local } = queueOf(3);
  session.start();
  await settle();
  api.submit.mockRejectedValueOnce(refusal('ROLE_NEEDED', 403));
  session.submit({ ...pass, comment: 'mine' });
  await settle();
  expect(session.get()).toMatchObject({ waiting: 1 });
  expect(session.get().stopped).toBeInstanceOf(Error);
  expect(session.submit(pass)).toBe(false);
  expect(local.get('t0')?.answers.comment).toBe('mine');
  session.resume();
  await settle();
  expect(reviewed).toEqual(['t0']);
  expect(session.get()).toMatchObject({ stopped: null, waiting: 0, done: 1 });
});

test('leaving gives back what is in hand; coming back takes it again', async () => {
  const { session, api, settle, hand } = queueOf(3);
  session.start();
  await settle();
  session.leave();
  expect(api.release).toHaveBeenCalledWith(['t0', 't1', 't2']);
  const asked = api.next.mock.calls.length;
  session.wake();
  await settle();
  expect(api.next).toHaveBeenCalledTimes(asked);
  session.start();
  await settle();
  expect(hand()).toEqual(['t0', 't1', 't2']);
});

test('a queue that is closed empties the hand; others may have the rest', async () => {
  const { session, api, settle, taken } = queueOf(2);
  taken.add('t0').add('t1');
  session.start();
  await settle();
  expect(session.get()).toMatchObject({ hand: [], nothing: 'others' });
  taken.clear();
  session.wake();
  await settle();
  expect(session.get().hand).toHaveLength(2);
  api.next.mockResolvedValueOnce({ leases: [], left: 0, reviewed: 0, nothing: 'closed' });
  session.wake();
  await settle();
  expect(session.get()).toMatchObject({ hand: [], nothing: 'closed' });
});

test('the first answer is asked for until it arrives', async () => {
  const { session, api, settle, hand } = queueOf(2);
  api.next.mockRejectedValueOnce(offline());
  session.start();
  await settle();
  expect(session.get()).toMatchObject({ offline: true, hand: [] });
  await vi.advanceTimersByTimeAsync(1000);
  expect(hand()).toEqual(['t0', 't1']);
  expect(session.get().offline).toBe(false);
});
