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

/** What becomes of a stream while its methods wait. */
interface Stream {
  state: 'open' | 'ended' | 'left';
  timer: NodeJS.Timeout | null;
  closed: Promise<void> | null;
}

/**
 * Answers with a stream of events.
 * @param onError what is sent when the source throws; nothing follows it.
 * @param onClose is called once, when the source has ended or the reader has left.
 */
export function sseResponse(
  source: AsyncGenerator<SseEvent, void>,
  {
    onError,
    onClose,
  }: { onError: (error: unknown) => SseEvent | null; onClose: (readerLeft: boolean) => Promise<void> },
): Response {
  const encoder = new TextEncoder();
  const stream: Stream = { state: 'open', timer: null, closed: null };
  const close = (state: 'ended' | 'left') => {
    stream.state = state;
    if (stream.timer) clearInterval(stream.timer);
    return (stream.closed ??= onClose(state === 'left'));
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The head of the answer leaves with the first bytes: the caller then knows that the job was taken.
      controller.enqueue(encoder.encode(': taken\n\n'));
      stream.timer = setInterval(() => controller.enqueue(encoder.encode(': waiting\n\n')), keepAliveMs);
    },
    async pull(controller) {
      const { event, isLast } = await nextOf(source, onError);
      // Who left while the event was made is sent nothing: their end of the stream is closed.
      if (stream.state === 'left') return;
      if (event) controller.enqueue(encoder.encode(frame(event)));
      if (!isLast) return;
      await close('ended');
      if (stream.state === 'ended') controller.close();
    },
    async cancel() {
      await close('left');
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

/** The next event, or what is sent in its place when the source throws; null where it has ended. */
async function nextOf(
  source: AsyncGenerator<SseEvent, void>,
  onError: (error: unknown) => SseEvent | null,
): Promise<{ event: SseEvent | null; isLast: boolean }> {
  try {
    const { done, value } = await source.next();
    return done ? { event: null, isLast: true } : { event: value, isLast: false };
  } catch (error) {
    return { event: onError(error), isLast: true };
  }
}
