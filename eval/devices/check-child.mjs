/** Lets a new process read TypeScript, from whatever folder it was started. */
import { register } from 'tsx/esm/api';

register();
await import('./check-child.ts');
