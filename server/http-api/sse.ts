/** Server-sent events as OpenAI's API sends them. */

export interface SseEvent {
  /** Named where OpenAI names it. */
  event?: string;
  /** Sent as JSON; a string as it is. */
  data: unknown;
}

/** Proxies close what is silent for a minute; a comment now and then keeps a job that waits connected. */
const keepAliveMs = 15_000;

const frame = ({ event, data }: SseEvent) =>
  `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/**
 * Answers with a stream of events.
 * @param onError what is sent when the source throws; nothing follows it.
 * @param onClose is called once, when the source has ended or the reader has left.
 */
export function sseResponse(
  source: AsyncGenerator<SseEvent>,
  {
    onError,
    onClose,
  }: { onError: (error: unknown) => SseEvent | null; onClose: (readerLeft: boolean) => Promise<void> },
): Response {
  const encoder = new TextEncoder();
  let timer: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;
  const close = (readerLeft: boolean) => {
    clearInterval(timer);
    return (closed ??= onClose(readerLeft));
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The head of the answer leaves with the first bytes: the caller then knows that the job was taken.
      controller.enqueue(encoder.encode(': taken\n\n'));
      timer = setInterval(() => controller.enqueue(encoder.encode(': waiting\n\n')), keepAliveMs);
    },
    async pull(controller) {
      try {
        const next = await source.next();
        if (!next.done) return controller.enqueue(encoder.encode(frame(next.value)));
      } catch (error) {
        const last = onError(error);
        if (last && !closed) controller.enqueue(encoder.encode(frame(last)));
      }
      const left = closed !== undefined;
      await close(false);
      if (!left) controller.close();
    },
    async cancel() {
      await close(true);
      // Not awaited: the source may stand in a read that ends by the signal of the request.
      void source.return(undefined).catch(() => undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}
