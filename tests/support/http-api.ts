import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { handleHttpApi } from '../../server/api/http-api/handler';
import type { Services } from '../../server/accounts/context';
import { serveImage } from '../../server/api/web/images';

export interface HttpApiServer {
  origin: string;
  /** With `/api/v1`. */
  baseUrl: string;
  close: () => Promise<void>;
}

/** The HTTP API and the pictures on a free port, as the product's web server serves them. */
export async function serveHttpApi(
  services: Services,
  options: { timeLimitMs?: number } = {},
): Promise<HttpApiServer> {
  const server = createServer((message, response) => {
    const left = new AbortController();
    response.on('close', () => left.abort());
    const headers = new Headers();
    for (const [name, value] of Object.entries(message.headers))
      for (const one of [value ?? []].flat()) headers.append(name, one);
    const hasBody = !['GET', 'HEAD'].includes(message.method ?? 'GET');
    const request = new Request(`http://${message.headers.host}${message.url}`, {
      method: message.method,
      headers,
      signal: left.signal,
      ...(hasBody ? { body: Readable.toWeb(message) as BodyInit, duplex: 'half' } : {}),
    } as RequestInit);
    const picture = /^\/api\/images\/([^/?]*)/.exec(message.url ?? '')?.[1];
    const answering = picture
      ? serveImage(request, picture, services)
      : handleHttpApi(request, services, options);
    void answering
      .then(async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers));
        if (answer.body) await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
        else response.end();
      })
      // The caller left: there is nobody to tell.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/api/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
