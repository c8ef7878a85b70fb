/** Every query behind leaderboard, run and sample pages, on very many rows. */
import type { Db } from '../../../server/platform/db/client';
import type { createCaller } from '../../../server/api/root';
import { percentile } from '../demo/visitor';
import type { Report } from '../eval/report';
import { explain, statementsOf } from './explain';
import type { Seeded } from './seed';

type Caller = ReturnType<typeof createCaller>;

/** What is asked, another time with each number. */
function questions(caller: Caller, { geneval, edits, large }: Seeded) {
  const of = (ids: readonly string[], nth: number) => ids[nth % ids.length]!;
  const samples = (
    filter: Parameters<Caller['runs']['samples']>[0]['filter'],
    runId: (nth: number) => string = () => large,
  ) => {
    // Each time a page further.
    let cursor: string | null = null;
    return async (nth: number) => {
      const page = await caller.runs.samples({ runId: runId(nth), filter, cursor, limit: 100 });
      cursor = runId(nth) === runId(nth + 1) ? page.nextCursor : null;
    };
  };
  let listed: string | null = null;
  let someSample = '';
  return {
    'leaderboard: overview': () => caller.leaderboard.overview(),
    'leaderboard: GenEval': () => caller.leaderboard.table({ benchmark: 'geneval' }),
    'leaderboard: edits': () => caller.leaderboard.table({ benchmark: 'synthetic-edits' }),
    'leaderboard: history of a model': (nth) =>
      caller.leaderboard.history({ benchmark: 'geneval', model: `model ${(nth % 20) + 1}` }),
    'runs: list, page after page': async () => {
      listed = (await caller.runs.list({ cursor: listed })).nextCursor;
    },
    'runs: list of one benchmark': () => caller.runs.list({ benchmark: 'synthetic-edits' }),
    'runs: list by words': (nth) => caller.runs.list({ query: `model ${(nth % 20) + 1}` }),
    'runs: one of GenEval': (nth) => caller.runs.get({ id: of(geneval, nth) }),
    'runs: one of edits': (nth) => caller.runs.get({ id: of(edits, nth) }),
    'runs: the one of 100,000 samples': () => caller.runs.get({ id: large }),
    'samples of 100,000: in order': samples({}),
    'samples of 100,000: one tag': samples({ groups: ['counting'] }),
    'samples of 100,000: wrong ones': samples({ verdict: 'wrong' }),
    'samples of 100,000: lowest first': samples({ order: 'lowest' }),
    'samples of 100,000: closest decisions': samples({ order: 'margin' }),
    'samples of 100,000: slowest': samples({ order: 'slowest' }),
    'samples of 100,000: by reason': samples({ reason: 'found 0' }),
    'samples of 100,000: by words': samples({ query: '123 dogs' }),
    'samples of 100,000: by words that none has': samples({ query: 'zebra crossing' }),
    'samples of edits: a range of a figure': samples({ metric: 'clip_o', min: 0.9, max: 0.95 }, (nth) =>
      of(edits, nth),
    ),
    'sample: one': async (nth) => {
      if (!someSample || nth % 10 === 0)
        someSample = (await caller.runs.samples({ runId: of(geneval, nth), limit: 1 })).items[0]!.id;
      await caller.runs.sample({ id: someSample });
    },
    'compared items: gained': (nth) =>
      caller.runs.comparedItems({
        first: of(geneval, nth),
        second: of(geneval, nth + 1),
        metric: 'correct',
        which: 'gained',
      }),
  } satisfies Record<string, (nth: number) => Promise<unknown>>;
}

/** In milliseconds, of procedures called in this process: without the network, with the validation of their output. */
export async function queries(report: Report, db: Db, caller: Caller, seeded: Seeded, times: number) {
  const { samples, runs } = seeded;
  for (const [what, ask] of Object.entries<(nth: number) => Promise<unknown>>(questions(caller, seeded))) {
    console.error(`  ${what}`);
    await ask(0);
    const took: number[] = [];
    for (let nth = 1; nth <= times; nth++) {
      const begun = performance.now();
      await ask(nth);
      took.push(performance.now() - begun);
    }
    const statements = await statementsOf(() => ask(times + 1));
    const plans = await Promise.all(statements.map((statement) => explain(db, statement)));
    const indexes = [...new Set(plans.flatMap((plan) => plan.indexes))];
    const scans = [...new Set(plans.flatMap((plan) => plan.scans))];
    report.add(`${what}, p95`, percentile(took, 0.95), 'ms', {
      bar: { is: '≤', than: 50 },
      note: [
        `p50 ${percentile(took, 0.5).toFixed(1)}`,
        scans.length > 0 ? `READS ALL OF ${scans.join(', ')}` : `by ${indexes.slice(0, 4).join(', ')}`,
      ].join('; '),
    });
  }
  report.add('rows behind it', samples, 'samples', { note: `${runs} runs` });
}
