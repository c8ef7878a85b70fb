import { accountsRouter } from '../accounts/router';
import { demoRouter } from '../demo/jobs/router';
import { estimatesRouter } from '../demo/estimates/router';
import { gridsRouter } from '../demo/grids/router';
import { historyRouter } from '../demo/history/router';
import { keysRouter } from '../accounts/keys/router';
import { analysisRouter } from '../reviews/analysis/router';
import { reviewsRouter } from '../reviews/router';
import { imagesRouter } from '../evaluation/redraw/router';
import { runsRouter } from '../evaluation/runs/router';
import { leaderboardRouter } from '../evaluation/leaderboard/router';
import { sharingRouter } from '../demo/sharing/router';
import { createCallerFactory, mergeRouters, router } from '../accounts/procedures';

export const appRouter = router({
  accounts: accountsRouter,
  demo: demoRouter,
  estimates: estimatesRouter,
  grids: gridsRouter,
  history: historyRouter,
  images: imagesRouter,
  keys: keysRouter,
  reviews: mergeRouters(reviewsRouter, analysisRouter),
  runs: runsRouter,
  leaderboard: leaderboardRouter,
  sharing: sharingRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
