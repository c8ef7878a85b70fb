import { parametersOf } from '../../../models/runtime/parameters';
import type { GenerationView } from '../../demo/schema';
import { check, withBody, type Body } from './body';
import type { ApiContext } from './context';
import { badField, toApiError } from './errors';
import { doneOrThrow, resultOf, startJobs, type Job } from './jobs';
import { modelNamed } from './models';
import { valuesIn } from './parameters';
import { ownResultWith, pictureAt } from './pictures';
import { chatRequest, type ChatChunk, type ChatRequest, type ChatResponse, type Usage } from './schema';
import { sseResponse, type SseEvent } from './sse';

/** POST /chat/completions: one question, about a picture or without one. */
export async function completeChat(ctx: ApiContext): Promise<Response> {
  const { fields, manifest, text, source } = await withBody(ctx.request, {}, (body) =>
    readQuestion(ctx, body),
  );
  const jobs = await startJobs(ctx, [
    {
      task: 'understand',
      prompt: text,
      language: fields.language,
      sourceHash: source?.hash,
      parentId: source ? await ownResultWith(ctx, source.hash) : undefined,
      ...valuesIn(fields, parametersOf('understand')),
    },
  ]);
  const [job] = jobs.list;
  if (!job) throw new Error('a question without a job');
  const head = {
    id: `chatcmpl-${job.id.replaceAll('-', '')}`,
    created: Math.floor(Date.now() / 1000),
    model: manifest.name,
  };
  if (fields.stream)
    return sseResponse(chatEvents(ctx, head, job, fields), {
      onClose: jobs.close,
      onError: (error) => ({ data: toApiError(error).body }),
    });
  try {
    const generation = await resultOf(job);
    const { usage, finishReason } = await endOf(ctx, generation, fields.n);
    return Response.json({
      ...head,
      object: 'chat.completion',
      choices: indexes(fields.n).map((index) => ({
        index,
        message: { role: 'assistant' as const, content: generation.text ?? '', refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      })),
      usage,
    } satisfies ChatResponse);
  } finally {
    await jobs.close();
  }
}

/** What is asked, the picture stored; of the messages nothing else. */
async function readQuestion(ctx: ApiContext, body: Body) {
  const { messages, ...fields } = check(chatRequest, body.fields);
  const { manifest } = await modelNamed(ctx.db, fields.model);
  if (fields.stream_options && !fields.stream)
    throw badField('stream_options', 'stream_options requires stream: true.');
  const { text, picture } = readMessages(messages);
  const source = picture ? await pictureAt(ctx, picture.url, picture.param) : null;
  return { fields, manifest, text, source };
}

/**
 * The question and its picture: the text of the last message and the newest picture of the conversation.
 * @throws ApiError 400
 */
export function readMessages(messages: ChatRequest['messages']): {
  text: string;
  picture: { url: string; param: string } | null;
} {
  const last = messages.at(-1);
  if (last?.role !== 'user')
    throw badField('messages', 'The last message must be from the user and contain the question.');
  const parts = (index: number) => {
    const { content } = messages[index] ?? {};
    return typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? []);
  };
  const text = parts(messages.length - 1)
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
  if (text === '')
    throw badField(
      `messages[${messages.length - 1}].content`,
      'The last message has no text. Write a question.',
    );
  for (let index = messages.length - 1; index >= 0; index--) {
    const urls = parts(index).flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
    const [url] = urls;
    if (url === undefined) continue;
    const param = `messages[${index}].content`;
    if (urls.length > 1)
      throw badField(param, `The model accepts one image per message; this one has ${urls.length}.`);
    return { text, picture: { url, param } };
  }
  return { text, picture: null };
}

/** Of the choices of one request. Decoding is greedy: one answer is computed, and all choices are that answer. */
const indexes = (n: number) => Array.from({ length: n }, (_, index) => index);

/** What the job counted; as with OpenAI, each choice counts. An answer as long as it was allowed to be was cut off. */
async function endOf(
  { db }: ApiContext,
  { id, parameters }: GenerationView,
  choices: number,
): Promise<{ usage: Usage; finishReason: 'stop' | 'length' }> {
  const counts = await db.prisma.generation.findUniqueOrThrow({
    where: { id },
    select: { promptTokens: true, completionTokens: true },
  });
  const prompt_tokens = counts.promptTokens ?? 0;
  const tokens = counts.completionTokens ?? 0;
  const completion_tokens = tokens * choices;
  return {
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    finishReason: tokens >= Number(parameters.maxNewTokens) ? 'length' : 'stop',
  };
}

async function* chatEvents(
  ctx: ApiContext,
  head: { id: string; created: number; model: string },
  job: Job,
  { n, stream_options }: Pick<ChatRequest, 'n' | 'stream_options'>,
): AsyncGenerator<SseEvent, void> {
  const withUsage = stream_options?.include_usage ?? false;
  /** One for each choice: OpenAI's chunks carry one choice each. */
  const chunks = (
    delta: ChatChunk['choices'][number]['delta'],
    finish_reason: 'stop' | 'length' | null = null,
  ): SseEvent[] =>
    indexes(n).map((index) => ({
      data: {
        ...head,
        object: 'chat.completion.chunk',
        choices: [{ index, delta, logprobs: null, finish_reason }],
        ...(withUsage ? { usage: null } : {}),
      } satisfies ChatChunk,
    }));
  yield* chunks({ role: 'assistant', content: '' });
  let sent = '';
  let said = '';
  for await (const event of job.events()) {
    // A worker that died leaves its job to another, which answers anew, and, decoding greedily, the same.
    if (event.type === 'state' && event.state === 'running') said = '';
    if (event.type === 'token') said += event.text;
    const generation = event.type === 'end' ? doneOrThrow(event.generation) : null;
    const all = generation ? (generation.text ?? '') : said;
    if (all.length > sent.length) {
      yield* chunks({ content: all.slice(sent.length) });
      sent = all;
    }
    if (!generation) continue;
    const { usage, finishReason } = await endOf(ctx, generation, n);
    yield* chunks({}, finishReason);
    if (withUsage)
      yield { data: { ...head, object: 'chat.completion.chunk', choices: [], usage } satisfies ChatChunk };
    yield { data: '[DONE]' };
  }
}
