import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import sharp from 'sharp';
import superjson from 'superjson';
import { Agent, EventSource } from 'undici';
import type { AppRouter } from '../../server/api/root';

/** The product that the tests of this folder talk to, as programs and browsers do. */
export const origin = `http://127.0.0.1:${process.env.STUDIO_TEST_PORT}`;
export const apiUrl = `${origin}/api/v1`;

/** Somebody whom the product knows by a cookie. */
export interface Visitor {
  cookie: string;
  /** tRPC's own client, streams as server-sent events. */
  trpc: TRPCClient<AppRouter>;
}

/** @param cookies as a server sets them */
export function visitorWith(cookies: readonly string[]): Visitor {
  const cookie = cookies.map((one) => one.split(';')[0]).join('; ');
  const headers = { cookie, origin };
  const dispatcher = new Agent().compose(
    (dispatch) => (options, handler) =>
      dispatch({ ...options, headers: { ...(options.headers as Record<string, string>), cookie } }, handler),
  );
  const url = `${origin}/api/trpc`;
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({
          ...{ url, transformer: superjson, EventSource },
          eventSourceOptions: { node: { dispatcher } },
        }),
        false: httpBatchLink({ url, transformer: superjson, headers }),
      }),
    ],
  });
  return { cookie, trpc };
}

/** A new visitor with a key of the HTTP API, made as the page makes it. */
export async function newVisitor(): Promise<Visitor & { key: string }> {
  const answer = await fetch(`${origin}/api/trpc/keys.create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(superjson.serialize({ name: 'tests' })),
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { result } = (await answer.json()) as { result: { data: never } };
  const { secret } = superjson.deserialize<{ secret: string }>(result.data);
  return { ...visitorWith(answer.headers.getSetCookie()), key: secret };
}

/** A whole body; ends only when the server ends it. */
export async function readToEnd(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

export const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 256, height: 256, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
