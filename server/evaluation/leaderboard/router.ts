import { z } from 'zod';
import { router, visitorProcedure } from '../../accounts/procedures';
import { citeRun } from './citation';
import { readHistory } from './history';
import { readOverview } from './overview';
import {
  benchmarkInputSchema,
  citationSchema,
  historyInputSchema,
  historySchema,
  leaderboardSchema,
  overviewSchema,
} from './schema';
import { readTable } from './table';

/** Public: everybody may read how models compare. Runs count here once they are published. */
export const leaderboardRouter = router({
  overview: visitorProcedure.output(overviewSchema).query(({ ctx }) => readOverview(ctx.db)),
  table: visitorProcedure
    .input(benchmarkInputSchema)
    .output(leaderboardSchema)
    .query(({ ctx, input }) => readTable(ctx.db, input.benchmark)),
  history: visitorProcedure
    .input(historyInputSchema)
    .output(historySchema)
    .query(({ ctx, input }) => readHistory(ctx.db, input)),
  citation: visitorProcedure
    .input(z.object({ runId: z.uuid() }))
    .output(citationSchema)
    .query(({ ctx, input }) => citeRun(ctx.db, ctx, input.runId)),
});
