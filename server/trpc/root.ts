import { demoRouter } from '../demo/router';
import { keysRouter } from '../keys/router';
import { createCallerFactory, router } from './init';

export const appRouter = router({ demo: demoRouter, keys: keysRouter });

export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);
