/** How much sooner a run is over with two worker processes than with one, when the model's time is what it takes. */
import { median, type Report } from './report';
import { withStudio } from './studio';

const delayMs = 200;

export async function workers(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const count = quick ? 32 : 64;
  const rounds = quick ? 1 : 3;
  await withStudio(async (studio) => {
    const version = await studio.questions(count);
    const run = async (limit?: number) => {
      const began = performance.now();
      const id = await studio.start(version, limit);
      return studio.ended(id, limit ?? count, { began, everyMs: 20 });
    };
    const timed = async () => {
      // A batch for each worker loads what a worker loads when it is first needed.
      await run(16);
      const seconds: number[] = [];
      for (let round = 0; round < rounds; round++) seconds.push(await run());
      return median(seconds);
    };
    const env = { STUB_DELAY_MS: String(delayMs) };
    await studio.worker(env);
    report.begin();
    const one = await timed();
    await studio.worker(env);
    const two = await timed();
    const note = `median of ${rounds} runs`;
    report.add(`${count} samples of ${delayMs} ms, one worker`, one, 's', { note });
    report.add('with two workers', two, 's', { note });
    report.add('two workers to one', two / one, '×', { bar: { is: '≤', than: 0.6 } });
  });
}
