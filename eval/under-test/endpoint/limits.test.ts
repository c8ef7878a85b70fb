import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelledError } from '../../../models/runtime/errors';
import { draw, endpointFor, failureOf, gate, handClock, look } from '../../testing/endpoint';
import { inTurn, wordsReply } from '../../testing/openai-server';
import { openLine } from './line';

describe('the spending limit', () => {
  it('counts every attempt that reached the endpoint, and stops before the next', async () => {
    const { server, endpoint } = await endpointFor(
      inTurn({ status: 500 }, wordsReply('yes'), 'drop', wordsReply('yes')),
      { maxRequests: 4 },
    );
    await endpoint.run(look);
    await endpoint.run(look);
    expect(endpoint.requestsSent).toBe(4);
    expect(await failureOf(endpoint, look)).toMatchObject({
      failure: 'limit',
      message: 'The spending limit is reached: 4 requests of 4. Raise maxRequests to continue.',
    });
    expect(server.requests).toHaveLength(4);
  });

  it('ends retries', async () => {
    const { server, endpoint } = await endpointFor(() => ({ status: 500 }), { maxRequests: 2 });
    expect(await failureOf(endpoint, look)).toMatchObject({ failure: 'limit' });
    expect(server.requests).toHaveLength(2);
  });

  it('may be money', async () => {
    const { endpoint } = await endpointFor(() => wordsReply('yes'), { maxCost: 0.3, pricePerRequest: 0.1 });
    for (let i = 0; i < 3; i++) await endpoint.run(look);
    expect(await failureOf(endpoint, look)).toMatchObject({
      failure: 'limit',
      message: 'The spending limit is reached: 3 requests of 3, 0.3 at 0.1 each. Raise maxCost to continue.',
    });
  });

  it('is kept by concurrent requests together, and goes on from what was sent before', async () => {
    const { server, endpoint } = await endpointFor(
      () => wordsReply('yes'),
      { maxRequests: 8, concurrency: 10 },
      { requestsSent: 3 },
    );
    const runs = await Promise.allSettled(Array.from({ length: 10 }, () => endpoint.run(look)));
    expect(runs.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(server.requests).toHaveLength(5);
    expect(endpoint.requestsSent).toBe(8);
  });
});

describe('the rate limit', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('spaces attempts evenly, however few there were before', async () => {
    const line = openLine({ concurrency: 8, requestsPerMinute: 30 });
    const started: number[] = [];
    const begin = Date.now();
    const enter = () => line.add(async () => void started.push(Date.now() - begin));
    const first = [enter(), enter(), enter()];
    await vi.advanceTimersByTimeAsync(5000);
    const later = [enter(), enter()];
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all([...first, ...later]);
    expect(started).toEqual([0, 2000, 4000, 6000, 8000]);
  });

  it('lets retries go first', async () => {
    const line = openLine({ concurrency: 1 });
    const order: string[] = [];
    const enter = (name: string, priority: number) =>
      line.add(async () => void order.push(name), { priority });
    await Promise.all([enter('a', 0), enter('b', 0), enter('a again', 1)]);
    expect(order).toEqual(['a', 'a again', 'b']);
  });
});

describe('a request that is cancelled', () => {
  it('ends before it begins', async () => {
    const { server, endpoint } = await endpointFor();
    await expect(endpoint.run(draw, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    expect(server.requests).toHaveLength(0);
  });

  it('ends while the endpoint works, whose connection is closed', async () => {
    const stop = new AbortController();
    const { server, endpoint } = await endpointFor(() => 'hang');
    const run = endpoint.run(draw, { signal: stop.signal });
    await server.arrived(1);
    stop.abort(new Error('another reason'));
    await expect(run).rejects.toThrow(CancelledError);
    // It may have been charged.
    expect(endpoint.requestsSent).toBe(1);
  });

  it('ends while it waits as the endpoint asked', async () => {
    const stop = new AbortController();
    const waiting = gate();
    const clock = {
      ...handClock(),
      wait: () => {
        waiting.open();
        return new Promise<void>(() => undefined);
      },
    };
    const { server, endpoint } = await endpointFor(
      () => ({ status: 429, headers: { 'retry-after': '30' } }),
      {},
      { clock },
    );
    const run = endpoint.run(draw, { signal: stop.signal });
    await waiting.opened;
    stop.abort();
    await expect(run).rejects.toThrow(CancelledError);
    expect(server.requests).toHaveLength(1);
  });

  it('ends while it waits for the rate limit, and leaves its place to others', async () => {
    const stop = new AbortController();
    const { server, endpoint } = await endpointFor(() => wordsReply('yes'), { requestsPerMinute: 0.1 });
    await endpoint.run(look);
    const run = endpoint.run(look, { signal: stop.signal });
    stop.abort();
    await expect(run).rejects.toThrow(CancelledError);
    expect(server.requests).toHaveLength(1);
    expect(endpoint.requestsSent).toBe(1);
  });

  it('ends while it waits for its turn', async () => {
    const stop = new AbortController();
    const answer = gate();
    const { server, endpoint } = await endpointFor(() => answer.opened.then(() => wordsReply('yes')), {
      concurrency: 1,
    });
    const first = endpoint.run(look);
    await server.arrived(1);
    const second = endpoint.run(look, { signal: stop.signal });
    const third = endpoint.run(look);
    stop.abort();
    await expect(second).rejects.toThrow(CancelledError);
    answer.open();
    expect([await first, await third]).toMatchObject([{ text: 'yes' }, { text: 'yes' }]);
    expect(server.requests).toHaveLength(2);
  });

  it('ends when the endpoint is closed', async () => {
    const { server, endpoint } = await endpointFor(() => 'hang');
    const run = endpoint.run(draw);
    await server.arrived(1);
    const refused = expect(run).rejects.toThrow(CancelledError);
    await endpoint.close();
    await refused;
    await expect(endpoint.run(draw)).rejects.toThrow(CancelledError);
  });

  it('holds on to no signal afterwards', async () => {
    const stop = new AbortController();
    const add = vi.spyOn(stop.signal, 'addEventListener');
    const remove = vi.spyOn(stop.signal, 'removeEventListener');
    const { endpoint } = await endpointFor(() => wordsReply('yes'));
    await endpoint.run(look, { signal: stop.signal });
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });
});
