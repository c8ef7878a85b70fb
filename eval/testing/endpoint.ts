/** Endpoints against servers of a test's own; both end with the test. */
import { expect, onTestFinished } from 'vitest';
import { openEndpoint, type EndpointSettings, type EndpointUnderTest } from '../under-test/endpoint';
import type { Clock } from '../under-test/endpoint/attempts';
import { UnderTestError, type TestRequest } from '../under-test/types';
import { startOpenAiServer, type Behaviour, type OpenAiServer } from './openai-server';

export async function serverFor(behaviour?: Behaviour): Promise<OpenAiServer> {
  const server = await startOpenAiServer(behaviour);
  onTestFinished(() => server.close());
  return server;
}

type Options = NonNullable<Parameters<typeof openEndpoint>[1]>;

/** Retries come without a delay, unless the settings say otherwise. */
export function endpointAt(
  baseUrl: string,
  settings: Partial<EndpointSettings> = {},
  options: Options = {},
): EndpointUnderTest {
  const retry = { minDelayMs: 0, maxDelayMs: 0 };
  const endpoint = openEndpoint({ baseUrl, model: 'painter', retry, maxAttempts: 3, ...settings }, options);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

export async function endpointFor(
  behaviour?: Behaviour,
  settings?: Partial<EndpointSettings>,
  options?: Options,
): Promise<{ server: OpenAiServer; endpoint: EndpointUnderTest }> {
  const server = await serverFor(behaviour);
  return { server, endpoint: endpointAt(server.baseUrl, settings, options) };
}

export const draw = { task: 'generate', prompt: 'a red cube' } as const satisfies TestRequest;
export const look = {
  task: 'understand',
  prompt: 'What is this?',
  images: [],
} as const satisfies TestRequest;

/** What a request fails with. */
export async function failureOf(
  endpoint: EndpointUnderTest,
  request: TestRequest = draw,
): Promise<UnderTestError> {
  const error: unknown = await endpoint.run(request).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(UnderTestError);
  expect((error as Error).message).not.toContain('\n');
  return error as UnderTestError;
}

/** A clock that only waiting and the test move. Its date begins at `begin`. */
export function handClock(begin = 0): Clock & { waits: number[]; advance(ms: number): void } {
  let ms = 0;
  const waits: number[] = [];
  return {
    waits,
    advance: (by) => void (ms += by),
    now: () => ms,
    date: () => begin + ms,
    wait: async (by) => {
      waits.push(by);
      ms += by;
    },
  };
}

/** A promise that a test keeps when it likes. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}
