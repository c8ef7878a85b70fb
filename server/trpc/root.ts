import { demoRouter } from '../demo/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({ demo: demoRouter });

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
