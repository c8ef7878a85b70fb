/** Many open event streams: memory, delay from an event's commit to its arrival, and a restart of the web server. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { appendEvents, claimNext, moveState } from '../../../server/demo/jobs/store';
import type { Report } from '../eval/report';
import { withStudio, type DemoStudio } from './studio';
import { createVisitor, percentile, type StreamEvent } from './visitor';

/** The bench is the worker here: it decides when an event happens. */
const workerId = randomUUID();

interface Followed {
  id: string;
  events: StreamEvent[];
  /** When the event of a number was committed. */
  committed: Map<number, number>;
  ended: Promise<StreamEvent[]>;
  leave: () => void;
}

async function open(studio: DemoStudio, count: number): Promise<Followed[]> {
  const all: Followed[] = [];
  for (let i = 0; i < count; i++) {
    const visitor = createVisitor(studio.port);
    const { id } = await visitor.mutate<{ id: string }>('demo.submit', { task: 'generate', prompt: 'a' });
    await claimNext(studio.db.pool, workerId);
    const events: StreamEvent[] = [];
    const controller = new AbortController();
    const ended = visitor.follow(id, (event) => events.push(event), controller.signal);
    all.push({ id, events, committed: new Map(), ended, leave: () => controller.abort() });
  }
  // Each has heard that its job runs.
  while (all.some(({ events }) => events.length === 0)) await wait(20);
  return all;
}

async function step(studio: DemoStudio, one: Followed, seq: number): Promise<void> {
  await appendEvents(studio.db.pool, { id: one.id, workerId }, [{ type: 'step', step: seq, steps: 1000 }]);
  one.committed.set(seq, performance.now());
}

const close = async (studio: DemoStudio, all: Followed[]) => {
  for (const { id } of all)
    await moveState(studio.db.pool, id, { from: ['running'], to: 'done', by: workerId });
  await Promise.all(all.map(({ ended }) => ended));
};

export async function streams(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const count = 200;
  const turns = quick ? 3 : 10;
  await withStudio(async (studio) => {
    // Code and pools that the first streams bring in are not theirs.
    await close(studio, await open(studio, count));
    await wait(2000);
    const before = await studio.webMemory();
    const all = await open(studio, count);
    await wait(1000);
    const after = await studio.webMemory();
    const bar = { is: '≤' as const, than: 100 };
    report.add(
      `${count} open streams: live memory a stream`,
      (after.used - before.used) / count / 1000,
      'kB',
      { bar },
    );
    report.add(
      `${count} open streams: resident memory a stream`,
      (after.rss - before.rss) / count / 1000,
      'kB',
      { bar },
    );
    report.begin();
    const gap = 5;
    for (let turn = 0; turn < turns; turn++)
      for (const one of all) {
        await step(studio, one, turn + 2);
        await wait(gap);
      }
    await wait(500);
    const delays = all.flatMap(({ events, committed }) =>
      events.flatMap(({ seq, at }) => (committed.has(seq) ? [Math.max(0, at - committed.get(seq)!)] : [])),
    );
    if (delays.length !== count * turns)
      throw new Error(`${count * turns - delays.length} events did not arrive.`);
    const note = `${delays.length} events, one every ${gap} ms or so`;
    report.add(`${count} open streams: event to visitor, p50`, percentile(delays, 0.5), 'ms');
    report.add(`${count} open streams: event to visitor, p95`, percentile(delays, 0.95), 'ms', {
      bar: { is: '≤', than: 50 },
      note,
    });
    await close(studio, all);
  });
}

export async function restart(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const count = quick ? 10 : 50;
  await withStudio(async (studio) => {
    const all = await open(studio, count);
    let seq = 1;
    let going = true;
    const writing = (async () => {
      while (going) {
        seq++;
        for (const one of all) await step(studio, one, seq);
        await wait(50);
      }
    })();
    await wait(1000);
    const killed = performance.now();
    await studio.restartWeb();
    const ready = performance.now() - killed;
    // Each has got what was written after the server was there again.
    const reached = seq + 1;
    while (all.some(({ events }) => (events.at(-1)?.seq ?? 0) < reached)) await wait(20);
    going = false;
    await writing;
    await close(studio, all);
    const back = all.map(
      ({ events }) => (events.find(({ at }) => at > killed + 100)?.at ?? Infinity) - killed,
    );
    const lost = all.filter(({ events }) => events.some((event, i) => event.seq !== i + 1)).length;
    const note = `${count} streams; the server itself took ${(ready / 1000).toFixed(1)} s`;
    report.add('after the web server was killed: last stream attached again', Math.max(...back) / 1000, 's', {
      bar: { is: '≤', than: 5 },
      note,
    });
    report.add('streams that lost or doubled an event', lost, '', { bar: { is: '≤', than: 0 } });
  });
}
