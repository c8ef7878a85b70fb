import { accountsRouter } from '../accounts/router';
import { demoRouter } from '../demo/router';
import { estimatesRouter } from '../estimates/router';
import { gridsRouter } from '../grids/router';
import { historyRouter } from '../history/router';
import { keysRouter } from '../keys/router';
import { reviewsRouter } from '../reviews/router';
import { imagesRouter } from '../redraw/router';
import { runsRouter } from '../runs/router';
import { leaderboardRouter } from '../leaderboard/router';
import { sharingRouter } from '../sharing/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({
  accounts: accountsRouter,
  demo: demoRouter,
  estimates: estimatesRouter,
  grids: gridsRouter,
  history: historyRouter,
  images: imagesRouter,
  keys: keysRouter,
  reviews: reviewsRouter,
  runs: runsRouter,
  leaderboard: leaderboardRouter,
  sharing: sharingRouter,
});

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
