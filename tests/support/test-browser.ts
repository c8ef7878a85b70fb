import { createTRPCClient, httpLink } from '@trpc/client';
import superjson from 'superjson';
import type { Services } from '../../server/accounts/context';
import type { AppRouter } from '../../server/api/root';
import { handleTrpc } from '../../server/api/web/trpc-handler';

export interface TestBrowser {
  /** Procedures over HTTP, with this browser's cookies. */
  api: ReturnType<typeof createTRPCClient<AppRouter>>;
  /** By name, as the server set them. */
  cookies: Map<string, string>;
  /** The cookies as they are sent. */
  header: () => string;
  /** Every Set-Cookie that came, whole. */
  set: string[];
  /** A request of this browser to another route than procedures. */
  request: (path: string, init?: RequestInit) => Request;
}

/** What a browser does with cookies: keeps those that it is given, sends them, and forgets those that end. */
export function createTestBrowser(
  services: Services,
  { secure = false, address = null }: { secure?: boolean; address?: string | null } = {},
): TestBrowser {
  const cookies = new Map<string, string>();
  const set: string[] = [];
  const origin = `${secure ? 'https' : 'http'}://studio.test`;
  const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const request = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    if (cookies.size > 0) headers.set('cookie', header());
    if (address) headers.set('x-studio-address', address);
    return new Request(new URL(path, origin), { ...init, headers });
  };
  const keep = (line: string) => {
    set.push(line);
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === '' || /max-age=0(;|$)/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  };
  const api = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${origin}/api/trpc`,
        transformer: superjson,
        fetch: async (url, init) => {
          const { method, headers, body } = init as RequestInit;
          const response = await handleTrpc(request(String(url), { method, headers, body }), services);
          for (const line of response.headers.getSetCookie()) keep(line);
          return response;
        },
      }),
    ],
  });
  return { api, cookies, header, set, request };
}
