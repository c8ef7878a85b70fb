import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GenerationEventView } from '@/server/demo/schema';
import {
  follow,
  retryDelay,
  type ConnectionHandlers,
  type FollowState,
  type NumberedEvent,
} from './follow-events';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const event = (id: number, data: GenerationEventView = { type: 'token', text: 'a' }) => ({
  id: String(id),
  data,
});
const end = { type: 'end', generation: {} } as GenerationEventView;

/** A server whose connections the test opens, feeds and breaks. */
function harness({ visible = true, after }: { visible?: boolean; after?: string } = {}) {
  const connections: (ConnectionHandlers & { after: string | undefined; closed: boolean })[] = [];
  const events: NumberedEvent[] = [];
  const states: FollowState[] = [];
  let page = { resume: () => {}, pause: () => {} };
  let listening = true;
  const stop = follow({
    visible,
    after,
    listen: (callbacks) => {
      page = callbacks;
      return () => (listening = false);
    },
    connect: (from, handlers) => {
      const connection = { ...handlers, after: from, closed: false };
      connections.push(connection);
      return () => {
        connection.closed = true;
      };
    },
    onEvent: (taken) => events.push(taken),
    onState: (state) => states.push(state),
  });
  return {
    connections,
    states,
    stop,
    page: () => page,
    listening: () => listening,
    newest: () => connections.at(-1)!,
    taken: () => events.map(({ id }) => id),
  };
}

test('waits half a second, then twice as long each time, five seconds at most', () => {
  expect([0, 1, 2, 3, 4, 5, 60].map(retryDelay)).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000]);
  const { connections, newest } = harness();
  for (const delay of [500, 1000, 2000, 4000, 5000, 5000]) {
    const before = connections.length;
    newest().onFailure(false);
    vi.advanceTimersByTime(delay - 1);
    expect(connections).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(connections).toHaveLength(before + 1);
  }
});

test('a break closes the connection, and the next goes on after the last event taken', () => {
  const { connections, newest, taken } = harness({ after: '3' });
  const first = newest();
  expect(first.after).toBe('3');
  first.onOpen();
  first.onEvent(event(4));
  first.onFailure(false);
  expect(first.closed).toBe(true);
  vi.advanceTimersByTime(500);
  expect(newest().after).toBe('4');
  // What the old connection still says is not listened to.
  first.onEvent(event(5));
  first.onFailure(false);
  newest().onEvent(event(5));
  expect(taken()).toEqual(['4', '5']);
  expect(connections).toHaveLength(2);
});

test('an event, or a connection that stood for a while, sets the wait back', () => {
  const { connections, newest } = harness();
  newest().onFailure(false);
  vi.advanceTimersByTime(500);
  newest().onOpen();
  newest().onEvent(event(1));
  newest().onFailure(false);
  vi.advanceTimersByTime(500);
  expect(connections).toHaveLength(3);
  newest().onFailure(false);
  vi.advanceTimersByTime(1000);
  newest().onOpen();
  vi.advanceTimersByTime(6000);
  newest().onFailure(false);
  vi.advanceTimersByTime(500);
  expect(connections).toHaveLength(5);
});

test('a server that takes connections and drops them at once is asked less and less often', () => {
  const { connections, newest } = harness();
  for (const delay of [500, 1000, 2000]) {
    newest().onOpen();
    newest().onFailure(false);
    vi.advanceTimersByTime(delay);
  }
  expect(connections).toHaveLength(4);
});

test('a page that resumes asks at once, whatever the wait', () => {
  const { connections, newest, page } = harness();
  newest().onOpen();
  newest().onEvent(event(7));
  newest().onFailure(false);
  page().resume();
  expect(connections).toHaveLength(2);
  expect(newest().after).toBe('7');
  vi.advanceTimersByTime(60_000);
  expect(connections).toHaveLength(2);
});

test('the same return, told twice, is one attempt; a stream that stands is made anew', () => {
  const { connections, newest, page } = harness();
  vi.advanceTimersByTime(10_000);
  newest().onOpen();
  page().resume();
  page().resume();
  expect(connections).toHaveLength(2);
  expect(connections[0]?.closed).toBe(true);
});

test('a page that pauses holds no connection and plans none', () => {
  const { connections, states, newest, page } = harness();
  newest().onFailure(false);
  page().pause();
  vi.advanceTimersByTime(60_000);
  expect(connections).toHaveLength(1);
  page().resume();
  newest().onOpen();
  page().pause();
  expect(newest().closed).toBe(true);
  expect(states.at(-1)).toBe('paused');
});

test('a tab opened in the background begins when it is looked at', () => {
  const { connections, page } = harness({ visible: false });
  expect(connections).toHaveLength(0);
  page().resume();
  expect(connections).toHaveLength(1);
});

test('after the end, a refusal or stop() nothing is asked any more', () => {
  for (const finish of [
    ({ newest }: ReturnType<typeof harness>) => newest().onEvent(event(1, end)),
    ({ newest }: ReturnType<typeof harness>) => newest().onFailure(true),
    ({ stop }: ReturnType<typeof harness>) => stop(),
  ]) {
    const followed = harness();
    finish(followed);
    expect(followed.newest().closed).toBe(true);
    expect(followed.listening()).toBe(false);
    followed.page().resume();
    followed.newest().onFailure(false);
    vi.advanceTimersByTime(60_000);
    expect(followed.connections).toHaveLength(1);
  }
});
