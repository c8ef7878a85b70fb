/** A visitor's browser as the server sees it: a cookie, tRPC over HTTP, one event stream a job, resumed when it breaks. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Connections are kept, as browsers keep them. */
const agent = new http.Agent({ keepAlive: true, maxSockets: 1000 });

export interface StreamEvent {
  seq: number;
  /** When it arrived, by performance.now(). */
  at: number;
  data: { type: string; state?: string; generation?: { id: string; state: string } };
}

export interface Visitor {
  id: string;
  query<T>(procedure: string, input: unknown): Promise<T>;
  mutate<T>(procedure: string, input: unknown): Promise<T>;
  upload(bytes: Uint8Array): Promise<string>;
  /** Follows a job to its end, over broken connections: tries again after 0.5 s, 1 s, up to 5 s. */
  follow(id: string, onEvent?: (event: StreamEvent) => void, signal?: AbortSignal): Promise<StreamEvent[]>;
}

interface Options {
  method?: string;
  path: string;
  body?: string | Uint8Array;
  type?: string;
}

export function createVisitor(port: number): Visitor {
  const id = randomUUID();
  const cookie = `studio_visitor=${id}`;

  const open = (options: Options, signal?: AbortSignal) =>
    new Promise<http.IncomingMessage>((resolve, reject) => {
      const { body, type = 'application/json', ...rest } = options;
      const headers = {
        cookie,
        ...(body ? { 'content-type': type, 'content-length': Buffer.byteLength(body) } : {}),
      };
      const request = http.request({ host: '127.0.0.1', port, agent, headers, signal, ...rest }, resolve);
      request.on('error', reject);
      request.end(body);
    });
  const read = async (options: Options): Promise<{ json: unknown; status: number }> => {
    const response = await open(options);
    let text = '';
    response.setEncoding('utf8');
    for await (const part of response) text += part as string;
    return { json: JSON.parse(text) as unknown, status: response.statusCode ?? 0 };
  };
  const result = <T>({ json, status }: { json: unknown; status: number }): T => {
    if (status !== 200) throw new Error(`${status}: ${JSON.stringify(json)}`);
    return (json as { result: { data: { json: T } } }).result.data.json;
  };
  const inputOf = (input: unknown) => `input=${encodeURIComponent(JSON.stringify({ json: input }))}`;

  /** @returns whether the end was seen. */
  async function stream(
    job: string,
    seen: StreamEvent[],
    onEvent?: (e: StreamEvent) => void,
    signal?: AbortSignal,
  ) {
    const last = seen.at(-1)?.seq;
    const input = inputOf({ id: job, ...(last === undefined ? {} : { lastEventId: String(last) }) });
    const response = await open({ path: `/api/trpc/demo.events?${input}` }, signal);
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} from the event stream`);
    response.setEncoding('utf8');
    let rest = '';
    for await (const part of response) {
      const at = performance.now();
      const blocks = (rest + (part as string)).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const seq = /^id: (\d+)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (seq === undefined || data === undefined) continue;
        const event: StreamEvent = {
          seq: Number(seq),
          at,
          data: (JSON.parse(data) as { json: StreamEvent['data'] }).json,
        };
        seen.push(event);
        onEvent?.(event);
        if (event.data.type === 'end') {
          // The server closes as well; a connection that is read to its end is used again.
          response.resume();
          return true;
        }
      }
    }
    return false;
  }

  return {
    id,
    query: async (procedure, input) =>
      result(await read({ path: `/api/trpc/${procedure}?${inputOf(input)}` })),
    mutate: async (procedure, input) =>
      result(
        await read({ path: `/api/trpc/${procedure}`, method: 'POST', body: JSON.stringify({ json: input }) }),
      ),
    async upload(bytes) {
      const { json } = await read({ path: '/api/uploads', method: 'POST', body: bytes, type: 'image/png' });
      return (json as { hash: string }).hash;
    },
    async follow(job, onEvent, signal) {
      const seen: StreamEvent[] = [];
      for (let delay = 500; ; delay = Math.min(delay * 2, 5000)) {
        const before = seen.length;
        try {
          if (await stream(job, seen, onEvent, signal)) return seen;
        } catch (error) {
          if (signal?.aborted) return seen;
          if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        }
        if (signal?.aborted) return seen;
        if (seen.length > before) delay = 500;
        await wait(delay);
      }
    },
  };
}

/** The value below which the share `q` of the numbers lies. */
export function percentile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}
