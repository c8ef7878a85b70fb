/** The next item of a queue, among very many. */
import { randomUUID } from 'node:crypto';
import type { TestStudio } from '../../support/studio';
import { percentile } from '../demo/visitor';
import type { Report } from '../eval/report';
import { explain, statementsOf } from './explain';
import type { Seeded } from './seed';

export async function reviews(
  report: Report,
  studio: TestStudio,
  { large }: Seeded,
  times: number,
): Promise<void> {
  const reviewers = await Promise.all(
    Array.from({ length: 20 }, async () => studio.asUser(await studio.user('reviewer'))),
  );
  const [first] = reviewers;
  const begun = performance.now();
  const { id: queueId } = await first!.reviews.create({
    name: 'bench',
    rubric: {
      questions: [
        { type: 'verdict', question: 'Right?' },
        { type: 'comment', need: 'optional' },
      ],
    },
    source: { from: 'run', runId: large },
    reviewsPerItem: 2,
    requestId: randomUUID(),
  });
  const items = (await first!.reviews.queue({ id: queueId })).items;
  report.add(`a queue of ${items} items: made in`, (performance.now() - begun) / 1000, 's');
  report.begin();
  const next: number[] = [];
  const submit: number[] = [];
  // Everybody at once, each with three items in hand.
  await Promise.all(
    reviewers.map(async (reviewer) => {
      for (let nth = 0; nth < times / 10; nth++) {
        const asked = performance.now();
        const { leases } = await reviewer.reviews.next({ queueId, count: 3 });
        next.push(performance.now() - asked);
        const { lease, item } = leases[0]!;
        const sent = performance.now();
        await reviewer.reviews.submit({
          taskId: item.taskId,
          lease,
          answers: { verdict: nth % 3 === 0 ? 'fail' : 'pass' },
          requestId: randomUUID(),
        });
        submit.push(performance.now() - sent);
      }
    }),
  );
  const note = `20 reviewers at once, each three in hand; p50 ${percentile(next, 0.5).toFixed(1)} ms`;
  report.add('next review item, p95', percentile(next, 0.95), 'ms', { bar: { is: '≤', than: 100 }, note });
  report.add('a review sent, p95', percentile(submit, 0.95), 'ms', {
    note: `p50 ${percentile(submit, 0.5).toFixed(1)} ms`,
  });
  const alone: number[] = [];
  for (let nth = 0; nth < times; nth++) {
    const asked = performance.now();
    await first!.reviews.next({ queueId, count: 3 });
    alone.push(performance.now() - asked);
  }
  const statements = await statementsOf(() => first!.reviews.next({ queueId, count: 3 }));
  const plans = await Promise.all(statements.map((statement) => explain(studio.services.db, statement)));
  const scans = [...new Set(plans.flatMap((plan) => plan.scans))];
  const indexes = [...new Set(plans.flatMap((plan) => plan.indexes))];
  report.add('next review item, one reviewer alone, p95', percentile(alone, 0.95), 'ms', {
    bar: { is: '≤', than: 100 },
    note: scans.length > 0 ? `READS ALL OF ${scans.join(', ')}` : `by ${indexes.slice(0, 5).join(', ')}`,
  });
  for (const what of ['agreement', 'againstMetric', 'queue'] as const) {
    const took: number[] = [];
    for (let nth = 0; nth < times / 10; nth++) {
      const asked = performance.now();
      if (what === 'queue') await first!.reviews.queue({ id: queueId });
      else await first!.reviews[what]({ queueId });
      took.push(performance.now() - asked);
    }
    report.add(`reviews: ${what}, p95`, percentile(took, 0.95), 'ms');
  }
}
