/** What the command line says, where, and with which exit code. */
import { CancelledError, ImageError, RequestError, RuntimeError } from '../../models/runtime';
import { clearProgress } from './progress';

export const exitCodes = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** Something about the call or its files that the person can put right. */
export class InputError extends Error {}

/** One line on stderr, and with `json` an object on stdout. Returns the exit code. */
export function reportError(error: unknown, json: boolean): number {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
  clearProgress();
  process.stderr.write(`studio: ${message}\n`);
  if (json) {
    const own = error instanceof RuntimeError ? error.toJSON() : { code: 'failed', message };
    const { code, field } = own as { code: string; field?: string };
    printJson({ error: { code, message, ...(field ? { field } : {}) } });
  }
  if (error instanceof CancelledError) return exitCodes.interrupted;
  const bad = error instanceof InputError || error instanceof RequestError || error instanceof ImageError;
  return bad ? exitCodes.badInput : exitCodes.failed;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Commander's message of a wrong call, as one line. */
export function printUsageError(text: string): void {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ');
  process.stderr.write(`studio: ${line} (see studio --help)\n`);
}
