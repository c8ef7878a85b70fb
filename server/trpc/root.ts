import { demoRouter } from '../demo/router';
import { estimatesRouter } from '../estimates/router';
import { gridsRouter } from '../grids/router';
import { historyRouter } from '../history/router';
import { keysRouter } from '../keys/router';
import { leaderboardRouter } from '../leaderboard/router';
import { sharingRouter } from '../sharing/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({
  demo: demoRouter,
  estimates: estimatesRouter,
  grids: gridsRouter,
  history: historyRouter,
  keys: keysRouter,
  leaderboard: leaderboardRouter,
  sharing: sharingRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
