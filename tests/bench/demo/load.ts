/** Submit to result as visitors see it, and whether any of many jobs is lost or run twice. The model returns at once. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Report } from '../eval/report';
import { withStudio, type DemoStudio } from './studio';
import { createVisitor, percentile, type Visitor } from './visitor';

const request = { task: 'generate', prompt: 'steps=0', language: 'en', width: 32, height: 32 } as const;

/** One job: from sending the mutation to the arrival of `end`. */
async function oneJob(visitor: Visitor): Promise<number> {
  const begun = performance.now();
  const { id } = await visitor.mutate<{ id: string }>('demo.submit', {
    ...request,
    requestId: crypto.randomUUID(),
  });
  const events = await visitor.follow(id);
  const last = events.at(-1)?.data;
  if (last?.generation?.state !== 'done') throw new Error(`A job is ${last?.generation?.state}.`);
  return performance.now() - begun;
}

async function rounds(visitors: Visitor[], seconds: number, thinkMs: number): Promise<number[]> {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  await Promise.all(
    visitors.map(async (visitor, nth) => {
      // People do not begin all at once.
      if (thinkMs > 0) await wait((thinkMs * nth) / visitors.length);
      while (performance.now() < until) {
        times.push(await oneJob(visitor));
        if (thinkMs > 0) await wait(thinkMs);
      }
    }),
  );
  return times;
}

export async function load(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const seconds = quick ? 3 : 15;
  await withStudio(async (studio) => {
    await studio.worker('stub');
    const all = Array.from({ length: 100 }, () => createVisitor(studio.port));
    await rounds(all.slice(0, 10), quick ? 1 : 5, 0);
    for (const count of [10, 100]) {
      const bar = { is: '≤' as const, than: count === 10 ? 25 : 250 };
      for (const thinkMs of [1000, 0]) {
        report.begin();
        const begun = performance.now();
        const spent = await studio.processorTime();
        const times = await rounds(all.slice(0, count), seconds, thinkMs);
        const rate = times.length / ((performance.now() - begun) / 1000);
        const how = thinkMs ? `each waits ${thinkMs / 1000} s after a result` : 'each submits again at once';
        const note = `${times.length} jobs, ${rate.toFixed(0)} a second`;
        report.add(`${count} visitors, ${how}: submit to result, p50`, percentile(times, 0.5), 'ms', {
          bar,
          note,
        });
        report.add(`${count} visitors, ${how}: submit to result, p95`, percentile(times, 0.95), 'ms');
        // Says what a job costs however busy the machine is with other things.
        const now = await studio.processorTime();
        const each = (who: keyof typeof now) =>
          `${who} ${((now[who] - spent[who]) / times.length).toFixed(1)}`;
        const total =
          Object.values(now).reduce((a, b) => a + b) - Object.values(spent).reduce((a, b) => a + b);
        report.add(`${count} visitors, ${how}: processor time a job`, total / times.length, 'ms', {
          note: [each('web'), each('workers'), each('database'), each('visitors')].join(', '),
        });
      }
    }
  });
}

/** 10,000 jobs over 100 visitors, looked for at the visitors and in the database. */
export async function jobs(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const [visitors, each] = [100, quick ? 5 : 100];
  await withStudio(async (studio) => {
    await studio.worker('stub');
    const ends = new Map<string, number>();
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: visitors }, async () => {
        const visitor = createVisitor(studio.port);
        for (let i = 0; i < each; i++) {
          const { id } = await visitor.mutate<{ id: string }>('demo.submit', request);
          const seen = await visitor.follow(id);
          ends.set(id, (ends.get(id) ?? 0) + seen.filter((e) => e.data.type === 'end').length);
        }
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    const total = visitors * each;
    const note = `${total} jobs of ${visitors} visitors, ${(total / seconds).toFixed(0)} a second`;
    report.add('jobs lost', total - (await countDone(studio)), '', { bar: { is: '≤', than: 0 }, note });
    report.add('jobs run or ended twice', await countDoubled(studio), '', { bar: { is: '≤', than: 0 } });
    const told = [...ends.values()].filter((n) => n === 1).length;
    report.add('jobs whose end a visitor did not see exactly once', total - told, '', {
      bar: { is: '≤', than: 0 },
    });
  });
}

async function countDone({ db }: DemoStudio): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM generation WHERE state = 'done'`,
  );
  return rows[0]?.n ?? 0;
}

async function countDoubled({ db }: DemoStudio): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM generation g WHERE attempts <> 1 OR 1 <> (
       SELECT count(*) FROM generation_event e WHERE e.generation_id = g.id AND e.data ->> 'type' = 'end')
       OR 1 <> (SELECT count(*) FROM generation_event e WHERE e.generation_id = g.id AND e.data ->> 'state' = 'running')`,
  );
  return rows[0]?.n ?? 0;
}
