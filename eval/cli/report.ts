/** What the command line says, where, and with which exit code. */
import {
  CancelledError,
  ImageError,
  RequestError,
  RuntimeError,
  type InferenceEvent,
} from '../../models/runtime';

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

const labels: Record<string, string> = {
  tokenize: 'reading the prompt',
  prefill: 'reading the prompt',
  vision: 'looking at the picture',
  reference: 'looking at the picture',
  preface: 'thinking',
  embeddings: 'imagining the picture',
  condition: 'preparing',
  denoise: 'drawing',
  vae: 'finishing',
  decode: 'answering',
};

/** A line on stderr that changes in place; silent where stderr is not a terminal. */
export function showProgress(event: InferenceEvent): void {
  if (!process.stderr.isTTY) return;
  if (event.type === 'stage') line(labels[event.stage] ?? event.stage);
  if (event.type === 'step') {
    const width = 24;
    const full = Math.round((width * event.step) / event.steps);
    line(`drawing ${'█'.repeat(full)}${'░'.repeat(width - full)} ${event.step}/${event.steps}`);
  }
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

function line(text: string): void {
  process.stderr.write(`\r\x1b[2K${text}`);
}
