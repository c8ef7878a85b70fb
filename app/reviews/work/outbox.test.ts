import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutbox, isPassing } from './outbox';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = (httpStatus: number, more: object = {}) =>
  Object.assign(new Error('refused'), { data: { httpStatus, ...more } });

/** An outbox whose server answers as it is told to, one answer a call. */
function tried(refused: () => 'keep' | 'drop' = () => 'drop') {
  const log: string[] = [];
  const answers: ((error?: Error) => void)[] = [];
  const outbox = createOutbox<{ id: string }, string>({
    send({ id }) {
      log.push(`send ${id}`);
      return new Promise((resolve, reject) => answers.push((error) => (error ? reject(error) : resolve(id))));
    },
    sent: ({ id }) => void log.push(`sent ${id}`),
    refused({ id }) {
      log.push(`refused ${id}`);
      return refused();
    },
    changed: () => undefined,
  });
  const answer = async (error?: Error) => {
    answers.shift()?.(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { outbox, log, answer };
}

test('one after the other, in order', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  outbox.add({ id: 'b' });
  expect(log).toEqual(['send a']);
  expect(outbox.entries).toHaveLength(2);
  await answer();
  expect(log).toEqual(['send a', 'sent a', 'send b']);
  await answer();
  expect(outbox.entries).toHaveLength(0);
});

test('without a network it waits ever longer, says so, and keeps the order', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  await answer(new TypeError('Failed to fetch'));
  expect(outbox.offline).toBe(true);
  outbox.add({ id: 'b' });
  expect(log).toEqual(['send a']);
  await vi.advanceTimersByTimeAsync(999);
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['send a', 'send a']);
  await answer(refusal(503));
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toHaveLength(3);
  await answer();
  expect(outbox.offline).toBe(false);
  expect(log.slice(3)).toEqual(['sent a', 'send b']);
});

test('the network is back: at once', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  await answer(new TypeError('Failed to fetch'));
  outbox.flush();
  outbox.flush();
  expect(log).toEqual(['send a', 'send a']);
});

test('a server that asks to wait is waited for', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  await answer(refusal(429, { retryAfterSeconds: 7 }));
  await vi.advanceTimersByTimeAsync(6999);
  expect(log).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toHaveLength(2);
});

test('what is refused is dropped and the next one is sent', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  outbox.add({ id: 'b' });
  await answer(refusal(409));
  expect(log).toEqual(['send a', 'refused a', 'send b']);
  expect(outbox.entries).toEqual([{ id: 'b' }]);
});

test('what is kept holds everything back until it is sent again', async () => {
  const { outbox, log, answer } = tried(() => 'keep');
  outbox.add({ id: 'a' });
  outbox.add({ id: 'b' });
  await answer(refusal(403));
  outbox.flush();
  expect(log).toEqual(['send a', 'refused a']);
  expect(outbox.entries).toHaveLength(2);
  outbox.resume();
  await answer();
  expect(log.slice(2)).toEqual(['send a', 'sent a', 'send b']);
});

test('only what surely never arrived can be taken back', async () => {
  const { outbox, log, answer } = tried();
  outbox.add({ id: 'a' });
  outbox.add({ id: 'b' });
  expect(outbox.takeBack('b')).toBe(true);
  expect(outbox.takeBack('b')).toBe(false);
  expect(outbox.takeBack('a')).toBe(false);
  await answer(new TypeError('Failed to fetch'));
  // Its answer was lost, and it may be there.
  expect(outbox.takeBack('a')).toBe(false);
  outbox.flush();
  await answer();
  expect(log).toEqual(['send a', 'send a', 'sent a']);
});

test.each([
  [new TypeError('Failed to fetch'), true],
  [Object.assign(new Error('no JSON'), { data: undefined }), true],
  [refusal(500), true],
  [refusal(408), true],
  [refusal(429), true],
  [refusal(409), false],
  [refusal(401), false],
  ['something else', false],
])('%o: waiting may help: %s', (error, expected) => {
  expect(isPassing(error)).toBe(expected);
});
