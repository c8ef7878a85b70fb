/** Whether results come when it was said they would: a mixed load on the real model, each job's range told at its submit. */
import sharp from 'sharp';
import type { Report } from '../eval/report';
import { withStudio } from './studio';
import { createVisitor, percentile } from './visitor';

/** mulberry32: the same load at every run. */
function seeded(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Told {
  low: number | null;
  high: number | null;
  ms: number;
}

export async function eta(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const seconds = quick ? 20 : 120;
  const told: Told[] = [];
  await withStudio(async (studio) => {
    await studio.worker('nano');
    const until = performance.now() + seconds * 1000;
    const picture = await sharp({ create: { width: 128, height: 128, channels: 3, background: '#c02020' } })
      .png()
      .toBuffer();
    await Promise.all(
      [1, 2, 3].map(async (nth) => {
        const visitor = createVisitor(studio.port);
        const random = seeded(nth);
        const of = <T>(values: T[]): T => values[Math.floor(random() * values.length)]!;
        const sourceHash = await visitor.upload(picture);
        while (performance.now() < until) {
          const size = of([128, 192, 256]);
          const common = { width: size, height: size, steps: of([2, 4, 8, 12]), guidance: of([1, 2]) };
          const request = of([
            { task: 'generate', prompt: 'a photo of two red apples', ...common },
            { task: 'edit', prompt: 'make it green', sourceHash, ...common },
            { task: 'understand', prompt: 'how many apples are there?', sourceHash },
          ]);
          const begun = performance.now();
          const { id } = await visitor.mutate<{ id: string }>('demo.submit', request);
          const { low, high } = await visitor.query<Omit<Told, 'ms'>>('demo.queue', { id });
          await visitor.follow(id);
          told.push({ low, high, ms: performance.now() - begun });
        }
      }),
    );
    const times: number[] = [];
    const visitor = createVisitor(studio.port);
    for (let i = 0; i < 50; i++) {
      const begun = performance.now();
      await visitor.query('estimates.before', { task: 'generate' });
      times.push(performance.now() - begun);
    }
    report.add('estimates.before, over HTTP, p50', percentile(times, 0.5), 'ms');
  });
  const known = told.flatMap(({ low, high, ms }) =>
    low === null || high === null ? [] : [{ low, high, ms }],
  );
  const inside = known.filter(({ low, high, ms }) => ms >= low && ms <= high).length;
  const note = `${known.length} jobs of three visitors; ${told.length - known.length} before anything was measured`;
  report.add('jobs whose result came in the range told at submit', (100 * inside) / known.length, '%', {
    bar: { is: '≥', than: 80 },
    note,
  });
  const share = (is: (one: (typeof known)[number]) => boolean) =>
    (100 * known.filter(is).length) / known.length;
  report.add(
    'sooner than the range',
    share(({ low, ms }) => ms < low),
    '%',
  );
  report.add(
    'later than the range',
    share(({ high, ms }) => ms > high),
    '%',
  );
  const widths = known.map(({ low, high }) => high / Math.max(low, 1));
  report.add('end of the range to its beginning, p50', percentile(widths, 0.5), '×');
  report.add('the same, p90', percentile(widths, 0.9), '×');
}
