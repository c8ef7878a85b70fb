/** A line on stderr that changes in place; silent where stderr is not a terminal. */
import type { InferenceEvent } from '../../models/runtime';

const labels: Record<string, string> = {
  tokenize: 'reading the prompt',
  prefill: 'reading the prompt',
  vision: 'looking at the image',
  reference: 'looking at the image',
  preface: 'thinking',
  embeddings: 'composing the image',
  condition: 'preparing',
  denoise: 'drawing',
  vae: 'finishing',
  decode: 'answering',
};

/** How far the model is with one request. */
export function showProgress(event: InferenceEvent): void {
  if (event.type === 'stage') line(labels[event.stage] ?? event.stage);
  if (event.type === 'step') line(`drawing ${bar(event.step, event.steps)}`);
}

/** Milliseconds between two updates of a bar. */
const pause = 100;

/**
 * A bar for a run over many items, with the time that is left; nothing with `json`.
 * @returns to be called after each item
 */
export function progressBar(label: string, { json = false }: { json?: boolean }) {
  const start = performance.now();
  let shown = -Infinity;
  return (done: number, total: number): void => {
    const now = performance.now();
    if (json || (done < total && now - shown < pause)) return;
    shown = now;
    const left = (((now - start) / done) * (total - done)) / 1000;
    line(`${label} ${bar(done, total)}${done < total ? `, ${duration(left)} left` : ''}`);
  };
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

function bar(done: number, total: number): string {
  const width = 24;
  const full = Math.round((width * done) / total);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${total}`;
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function line(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}
