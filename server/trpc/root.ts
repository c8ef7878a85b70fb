import { demoRouter } from '../demo/router';
import { estimatesRouter } from '../estimates/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({ demo: demoRouter, estimates: estimatesRouter });

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
