/** Many event streams that somebody opens and never reads, while somebody else works. */
import http from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createVisitor } from '../demo/visitor';
import type { Report } from '../eval/report';
import { warmUp } from './hostile-requests';
import { memoryOf, treeOf } from './processes';
import { jobOf, withSite } from './site';

export function streams(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const count = quick ? 100 : 1000;
  return withSite(async (site) => {
    await warmUp(site);
    const before = memoryOf(site.home);
    const attacker = createVisitor(site.port);
    // One that does not end: whoever runs it is held.
    const { worker, child } = treeOf(site.home);
    for (const pid of [worker, child]) process.kill(pid!, 'SIGSTOP');
    const { id } = await attacker.mutate<{ id: string }>('demo.submit', jobOf(1));
    const input = encodeURIComponent(JSON.stringify({ json: { id } }));
    const statuses: Record<string, number> = {};
    const requests = Array.from({ length: count }, () =>
      http
        .get({
          ...{ host: '127.0.0.1', port: site.port, agent: false },
          path: `/api/trpc/demo.events?input=${input}`,
          headers: { cookie: `studio_visitor=${attacker.id}` },
        })
        .on('response', ({ statusCode = 0 }) => void (statuses[statusCode] = (statuses[statusCode] ?? 0) + 1))
        .on('error', () => void (statuses.none = (statuses.none ?? 0) + 1)),
    );
    while (Object.values(statuses).reduce((sum, n) => sum + n, 0) < count) await wait(100);
    const held = memoryOf(site.home);
    for (const pid of [child, worker]) process.kill(pid!, 'SIGCONT');

    const visitor = createVisitor(site.port);
    const began = performance.now();
    const job = await visitor.mutate<{ id: string }>('demo.submit', jobOf(2));
    const last = (await visitor.follow(job.id)).at(-1)?.data;
    const seconds = (performance.now() - began) / 1000;
    for (const request of requests) request.destroy();
    await wait(2000);

    const told = Object.entries(statuses).map(([status, n]) => `${n} × ${status}`);
    report.add('event streams that nobody reads', count, '', { note: told.join(', ') });
    report.add('another visitor’s job beside them', seconds, 's', {
      bar: { is: '≤', than: 5 },
      note: String(last?.generation?.state),
    });
    report.add('web’s memory beside them, a stream', (held - before) / 1e3 / count, 'kB');
    report.add('web’s memory once they left, after to before', memoryOf(site.home) / before, '×', {
      bar: { is: '≤', than: 1.3 },
    });
  });
}
