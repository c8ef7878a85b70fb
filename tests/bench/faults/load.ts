/** Twenty minutes at seven tenths of what the studio can do, and what that leaves behind. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createVisitor, percentile, type Visitor } from '../demo/visitor';
import type { Report } from '../eval/report';
import { query } from './database';
import { memoryOf } from './processes';
import { jobOf, withSite, type Site } from './site';

async function oneJob(visitor: Visitor, seed: number): Promise<number> {
  const began = performance.now();
  const { id } = await visitor.mutate<{ id: string }>('demo.submit', jobOf(seed));
  const last = (await visitor.follow(id)).at(-1)?.data;
  if (last?.generation?.state !== 'done') throw new Error(`A job is ${last?.generation?.state}.`);
  return (performance.now() - began) / 1000;
}

export function load(report: Report, { quick }: { quick: boolean }): Promise<void> {
  return withSite(async (site) => {
    const visitors = Array.from({ length: 26 }, () => createVisitor(site.port));
    const rate = await capacity(visitors, quick ? 5 : 30);
    report.add('what the studio can do', rate, 'jobs/s');
    const before = memoryOf(site.home);
    const seconds: number[] = [];
    const failures: string[] = [];
    const jobs: Promise<void>[] = [];
    const until = performance.now() + (quick ? 15 : 20 * 60) * 1000;
    for (let n = 0; performance.now() < until; n++) {
      jobs.push(
        oneJob(visitors[n % visitors.length]!, n).then(
          (one) => void seconds.push(one),
          (error: unknown) => void failures.push(String(error)),
        ),
      );
      await wait(1000 / (0.7 * rate));
    }
    await Promise.all(jobs);
    report.add('at 70 % of it: jobs', seconds.length, '', { note: quick ? '15 s' : '20 minutes' });
    report.add('at 70 % of it: jobs that failed', failures.length, '', {
      bar: { is: '≤', than: 0 },
      note: failures[0] ?? '',
    });
    report.add('at 70 % of it: submit to result, p50', percentile(seconds, 0.5), 's');
    report.add('at 70 % of it: submit to result, p95', percentile(seconds, 0.95), 's');
    report.add('at 70 % of it: web’s memory, after to before', memoryOf(site.home) / before, '×');
    report.add('at 70 % of it: files without a row', await straysOf(site), '', { bar: { is: '≤', than: 0 } });
  });
}

/** Jobs a second, where every visitor submits again at once. */
async function capacity(visitors: Visitor[], seconds: number): Promise<number> {
  await Promise.all(visitors.map((visitor) => oneJob(visitor, 0)));
  const began = performance.now();
  let done = 0;
  await Promise.all(
    visitors.map(async (visitor, nth) => {
      for (let n = 0; performance.now() - began < seconds * 1000; n++) {
        await oneJob(visitor, nth * 1000 + n);
        done++;
      }
    }),
  );
  return done / ((performance.now() - began) / 1000);
}

/** Files of pictures that no row speaks of, writes that were broken off among them. */
export async function straysOf(site: Site): Promise<number> {
  const folder = path.join(site.home, 'blobs');
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);
  const rows = await query<{ hash: string }>(site, 'SELECT hash FROM blob');
  const known = new Set(rows.map(({ hash }) => hash));
  return names.filter((name) => !known.has(name)).length;
}
