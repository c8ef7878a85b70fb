import type { RuntimeErrorJson } from '../../models/runtime/errors';
import { CancelledError, messageOf, RuntimeError } from '../../models/runtime/errors';
import type { RunOptions } from '../../models/runtime/types';
import type { FromChild, ServedManifest, ToChild } from './protocol';

/** What the child serves; models/runtime's loaded model fits. */
export interface Served<Request, Result> {
  manifest: ServedManifest;
  hash: string;
  run(request: Request, options: RunOptions): Promise<Result>;
}

/** The child's side of the protocol: loads once, then answers requests one by one until the worker goes. */
export async function serve<Arguments, Request, Result>(
  load: (args: Arguments, send: (message: FromChild) => void) => Promise<Served<Request, Result>>,
): Promise<void> {
  const send = (message: FromChild) => {
    if (process.connected) process.send?.(message);
  };
  // Without its worker a child has no purpose. A run that blocks this process ends with it.
  process.on('disconnect', () => process.exit(0));
  // The terminal's Ctrl-C goes to the whole group; the worker decides when its child ends.
  process.on('SIGINT', () => undefined);

  let model: Served<Request, Result>;
  try {
    model = await load(JSON.parse(process.argv[2] ?? '{}') as Arguments, send);
  } catch (error) {
    process.send?.({ type: 'load-failed', error: errorJson(error) } satisfies FromChild, () =>
      process.exit(3),
    );
    return;
  }

  const running = new Map<number, AbortController>();
  let tail: Promise<void> = Promise.resolve();
  const memory = () => send({ type: 'memory', rss: process.memoryUsage.rss() });

  process.on('message', (message: ToChild<Request>) => {
    if (message.type === 'cancel') {
      running.get(message.id)?.abort();
      return;
    }
    const { id, request, previewEvery } = message;
    const controller = new AbortController();
    running.set(id, controller);
    tail = tail.then(async () => {
      try {
        if (controller.signal.aborted) throw new CancelledError();
        const result = await model.run(request, {
          previewEvery,
          signal: controller.signal,
          onEvent: (event) => send({ type: 'event', id, event }),
        });
        send({ type: 'result', id, result });
      } catch (error) {
        send({ type: 'error', id, error: errorJson(error) });
      } finally {
        running.delete(id);
        memory();
      }
    });
  });
  send({ type: 'ready', manifest: model.manifest, hash: model.hash });
  memory();
  setInterval(memory, 2000).unref();
}

function errorJson(error: unknown): RuntimeErrorJson {
  if (error instanceof RuntimeError) return error.toJSON();
  return { name: 'RuntimeError', code: 'graph_failed', message: messageOf(error) };
}
