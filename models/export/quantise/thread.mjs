/** Lets a new thread read TypeScript, then starts worker.ts. The loader of the main thread does not reach a thread’s first file. */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
