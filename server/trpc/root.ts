import { demoRouter } from '../demo/router';
import { estimatesRouter } from '../estimates/router';
import { gridsRouter } from '../grids/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({ demo: demoRouter, estimates: estimatesRouter, grids: gridsRouter });

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
