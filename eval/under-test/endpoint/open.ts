import { Agent } from 'undici';
import type { ModelUnderTest, TestOutput, TestRequest } from '../types';
import { UnderTestError } from '../types';
import { openSurroundings } from './addresses';
import { pictureIn, wordsIn, type Picture } from './answers';
import { realClock, withRetries, type Clock } from './attempts';
import { openBudget } from './budget';
import { cancellable } from './cancel';
import { AttemptFailure, statusFailure } from './failures';
import { apiRoot } from './identity';
import { openLine } from './line';
import { checkedPicture, download } from './pictures';
import { quoting, type Quote } from './redact';
import { callOf, type Call } from './requests';
import { readySettings, type EndpointSettings } from './settings';
import { exchange, type Answer } from './transport';

export interface EndpointUnderTest extends ModelUnderTest {
  /** Attempts so far that may have been charged, with those given at the start. */
  readonly requestsSent: number;
}

interface EndpointOptions {
  /** What an earlier session of the same run sent: the spending limit goes on from there. */
  requestsSent?: number;
  /** Where the variables stand that settings name. */
  env?: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
}

/**
 * An OpenAI-compatible endpoint as a model under test. Retries, rate, concurrency and the spending limit hold for
 * this object: open one for all items of a run. A picture may have another size than asked for.
 * @throws UnderTestError `unavailable` for settings that cannot be used
 */
export function openEndpoint(
  settings: EndpointSettings,
  { requestsSent = 0, env = process.env, clock = realClock }: EndpointOptions = {},
): EndpointUnderTest {
  const ready = readySettings(settings, env);
  const { timeoutMs, maxBodyBytes, apiKey } = ready;
  const root = apiRoot(ready.baseUrl);
  const headers: Record<string, string> = {
    'user-agent': 'nexus-gen-studio',
    accept: '*/*',
    ...Object.fromEntries(Object.entries(ready.headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
  if (apiKey) headers.authorization = `Bearer ${apiKey}`;
  const quote = quoting([...(apiKey ? [apiKey] : []), ...Object.values(ready.headers)]);
  const budget = openBudget(ready, requestsSent);
  const line = openLine(ready);
  // One deadline holds for each attempt; the agents' own would cut long generations short.
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  const surroundings = openSurroundings(Math.min(timeoutMs, 10_000));
  const agent = new Agent({ ...patient, connect: surroundings.endpoint });
  const pictureAgent = new Agent({ ...patient, connect: surroundings.pictures });
  const closing = new AbortController();
  const limits = { timeoutMs, maxBodyBytes };

  /** One attempt, whose time starts when it leaves the line and ends with the last byte. */
  async function post(call: Call, signal: AbortSignal): Promise<{ answer: Answer; latencyMs: number }> {
    budget.take();
    try {
      const start = clock.now();
      const answer = await exchange(new URL(`${root}/${call.route}`), {
        method: 'POST',
        headers: typeof call.body === 'string' ? { ...headers, 'content-type': 'application/json' } : headers,
        body: call.body,
        dispatcher: agent,
        signal,
        ...limits,
      });
      const latencyMs = clock.now() - start;
      if (answer.status < 200 || answer.status > 299) throw statusFailure(answer, quote, clock.date());
      return { answer, latencyMs };
    } catch (error) {
      if (error instanceof AttemptFailure && !error.reached) budget.giveBack();
      throw error;
    }
  }

  /** Reading belongs to the attempt: what is malformed ends it with a reason, without another one. */
  function ask<T>(call: Call, read: (answer: Answer, quote: Quote) => T, signal: AbortSignal) {
    const once = async (attempt: number) => {
      // Nobody need wait in line for a refusal.
      budget.check();
      const priority = attempt > 1 ? 1 : 0;
      const { answer, latencyMs } = await line.add(() => post(call, signal), { signal, priority });
      return { content: read(answer, quote), latencyMs };
    };
    return withRetries(once, ready, clock, signal);
  }

  function fetchPicture(url: string, signal: AbortSignal): Promise<Uint8Array> {
    const options = { root: `${root}/`, headers, quote, dispatcher: pictureAgent, signal, ...limits };
    return withRetries(() => download(url, { ...options, now: clock.date() }), ready, clock, signal);
  }

  async function answerOf(request: TestRequest, signal: AbortSignal): Promise<TestOutput> {
    const call = await callOf(request, ready);
    if (request.task === 'understand') {
      const { content, latencyMs } = await ask(call, wordsIn, signal);
      return { kind: 'text', text: content, latencyMs };
    }
    const { content, latencyMs } = await ask<Picture>(call, pictureIn, signal);
    const bytes = 'bytes' in content ? content.bytes : await fetchPicture(content.url, signal);
    const picture = await checkedPicture(bytes);
    return { ...picture, latencyMs };
  }

  return {
    get requestsSent() {
      return budget.spent;
    },
    run: (request, { signal } = {}) =>
      cancellable([closing.signal, signal], (either) => answerOf(request, either)).catch((error: unknown) => {
        throw error instanceof AttemptFailure ? new UnderTestError(error.failure, error.message) : error;
      }),
    async close() {
      closing.abort();
      await Promise.all([agent.destroy(), pictureAgent.destroy()]);
    },
  };
}
