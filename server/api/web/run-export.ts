import { z } from 'zod';
import { exportRun, runFormats, runMediaTypes, type RunFormat } from '../../evaluation/runs/export';
import type { Services } from '../../accounts/context';
import { userOf } from './require-user';
import { failureOf, jsonError } from './responses';

/**
 * A run as a file. It is read as fast as it is taken, so that a slow reader costs no memory, and no more of it once the
 * reader has left.
 */
export async function serveRunExport(request: Request, id: string, services: Services): Promise<Response> {
  const { db, log } = services;
  const format = new URL(request.url).searchParams.get('format') ?? 'jsonl';
  if (!isFormat(format))
    return jsonError(400, 'BAD_REQUEST', `The format must be one of ${runFormats.join(', ')}.`);
  if (!z.uuid().safeParse(id).success) return jsonError(404, 'NO_RUN', 'This run doesn’t exist.');
  try {
    const parts = exportRun(db, { user: await userOf(request, services) }, id, format);
    // The first part tells whether there is such a run, before the answer begins.
    const first = await parts.next();
    const encoder = new TextEncoder();
    let next: IteratorResult<string, void> | null = first;
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = next ?? (await parts.next());
            next = null;
            if (done) controller.close();
            else controller.enqueue(encoder.encode(value));
          } catch (error) {
            log.warn({ err: error, run: id }, 'export of a run broke off');
            controller.error(error);
          }
        },
        async cancel() {
          await parts.return(undefined);
        },
      },
      { highWaterMark: 1 },
    );
    return new Response(body, {
      headers: {
        'content-type': runMediaTypes[format],
        'content-disposition': `attachment; filename="run-${id.slice(0, 8)}.${format}"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    return failureOf(
      error,
      { log },
      `export of run ${id} failed`,
      'The run could not be exported. Try again.',
    );
  }
}

const isFormat = (name: string): name is RunFormat => (runFormats as readonly string[]).includes(name);
