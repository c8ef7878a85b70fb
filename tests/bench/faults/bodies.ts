/** Bodies that come a byte at a time, and many large ones at once, while somebody else works. */
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { createVisitor, percentile } from '../demo/visitor';
import type { Report } from '../eval/report';
import { memoryOf } from './processes';
import { ask, withSite, type Site } from './site';

const routes = ['/api/conversations', '/api/uploads', '/api/trpc/demo.submit', '/api/v1/images/generations'];

export function bodies(report: Report, { quick }: { quick: boolean }): Promise<void> {
  return withSite(async (site) => {
    const before = memoryOf(site.home);
    const slow = routes.flatMap((route) =>
      Array.from({ length: quick ? 4 : 16 }, () => dripping(site, route)),
    );
    const large = Array.from({ length: quick ? 10 : 60 }, () => holding(site, 29e6));
    await wait(2000);
    const visitor = createVisitor(site.port);
    const cookie = `studio_visitor=${visitor.id}`;
    const picture = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#a03020' } })
      .png()
      .toBuffer();
    const seconds: number[] = [];
    const refused: number[] = [];
    for (let n = 0; n < 10; n++) {
      const began = performance.now();
      const { status } = await ask(site.port, {
        method: 'POST',
        path: '/api/uploads',
        headers: { cookie },
        body: picture,
      });
      seconds.push((performance.now() - began) / 1000);
      if (status >= 400) refused.push(status);
    }
    report.add('another visitor’s upload beside slow and large bodies', percentile(seconds, 0.5), 's', {
      bar: { is: '≤', than: 1 },
      note: `longest ${Math.max(...seconds).toFixed(2)}; refused ${refused.join(', ') || 'none'}`,
    });
    report.add('web’s memory beside them, above before', (memoryOf(site.home) - before) / 1e6, 'MB', {
      bar: { is: '≤', than: 600 },
    });
    const ended = await Promise.all(slow.map((one) => Promise.race([one.ended, wait(60_000, null)])));
    const left = ended.filter((one) => one === null).length;
    report.add('slow bodies that were let go on for a minute', left, '', { bar: { is: '≤', than: 0 } });
    for (const one of [...slow, ...large]) one.end();
  });
}

interface Held {
  /** When the server ended it: the first line of what it said. */
  ended: Promise<string>;
  end(): void;
}

function hold(site: Site, route: string, length: number, send: (socket: net.Socket) => void): Held {
  const socket = net.connect(site.port, '127.0.0.1');
  let said = '';
  const ended = new Promise<string>((resolve) => {
    socket.on('data', (part) => {
      said += part.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
  });
  socket.write(
    `POST ${route} HTTP/1.1\r\nHost: 127.0.0.1:${site.port}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`,
  );
  send(socket);
  return { ended, end: () => socket.destroy() };
}

/** A byte a second. */
const dripping = (site: Site, route: string): Held =>
  hold(site, route, 100_000, (socket) => {
    const timer = setInterval(() => socket.write('x'), 1000);
    socket.on('close', () => clearInterval(timer));
  });

/** All but the last byte, at once. */
const holding = (site: Site, length: number): Held =>
  hold(site, '/api/uploads', length, (socket) => socket.write(Buffer.alloc(length - 1)));
