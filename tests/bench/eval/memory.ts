/** Whether a worker's memory stays flat over a long run, and how many samples it makes when the model takes no time. */
import { median, type Report } from './report';
import { memoryOf, withStudio } from './studio';
import type { Memory } from './worker';

interface Look extends Memory {
  /** Samples that were there. */
  made: number;
}

export async function memory(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const count = quick ? 400 : 10_000;
  await withStudio(async (studio) => {
    const version = await studio.questions(count);
    const worker = await studio.worker();
    report.begin();
    const began = performance.now();
    const passed = () => (performance.now() - began) / 1000;
    const looks: Look[] = [];
    /** After a collection: once the run is under way, and at its end. */
    const live: number[] = [];
    let finishing: number | null = null;
    const id = await studio.start(version);
    const seconds = await studio.ended(id, count, {
      began,
      everyMs: 100,
      onProgress: async (made) => {
        if (made === count) finishing ??= passed();
        // Each hundredth of the run, and every look after it: then the whole is summed up.
        if (made < count && made - (looks.at(-1)?.made ?? 0) < count / 100) return;
        const collect =
          (live.length === 0 && made >= 0.2 * count) || (live.length === 1 && made >= 0.98 * count);
        const memory = await memoryOf(worker, collect);
        if (collect) live.push(memory.live);
        looks.push({ made, ...memory });
      },
    });
    const tenth = (number: number) =>
      looks.filter(
        ({ made }) => made > ((number - 1) * count) / 10 && made <= (number * count) / 10 && made < count,
      );
    const resident = (number: number) => median(tenth(number).map(({ resident }) => resident)) / 1e6;
    const [early, late] = [resident(2), resident(10)];
    const most = Math.max(...looks.map(({ resident }) => resident)) / 1e6;
    const lastMade = finishing ?? seconds;
    const note = (number: number) => `median of ${tenth(number).length} looks`;
    report.add(`Worker in the second tenth of ${count} samples, resident`, early, 'MB', { note: note(2) });
    report.add('in the last tenth', late, 'MB', { note: note(10) });
    report.add('ratio of the two', late / early, '×', {
      bar: { is: '≤', than: 1.1 },
      note: `most at any time, the summing up included: ${most.toFixed(0)} MB`,
    });
    report.add('live objects after a collection, end to early', live[1]! / live[0]!, '×', {
      note: `${live.map((bytes) => (bytes / 1e6).toFixed(1)).join(' to ')} MB`,
    });
    report.add('samples of a model that takes no time', count / lastMade, 'samples/s', {
      note: 'one worker',
    });
    report.add('from the last sample to the end of the run', seconds - lastMade, 's');
  });
}
