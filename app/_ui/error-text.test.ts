import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import { TRPCClientError } from '@trpc/client';
import en from '../_i18n/en';
import { messagesOf } from '../_i18n/messages';
import { problemOf, sayProblem, type ErrorWords } from './error-text';

const zh = await messagesOf('zh');

const say = (error: unknown, locale: 'en' | 'zh') =>
  sayProblem(
    problemOf(error),
    createTranslator({ locale, messages: { en, zh }[locale], namespace: 'errors' }) as unknown as ErrorWords,
    locale,
  );

const refusal = (message: string, data: object) =>
  TRPCClientError.from({ error: { message, code: -32600, data } } as never);

describe('a failure in the page’s language', () => {
  it('takes the server’s English, and the page’s Chinese', () => {
    const error = refusal('The prompt is 9 characters long; the limit is 5.', { reason: 'prompt_too_long' });
    expect(say(error, 'en')).toBe('The prompt is 9 characters long; the limit is 5.');
    expect(say(error, 'zh')).toBe('提示词太长，请缩短。');
  });

  it('puts values into the words, and falls back where one is missing', () => {
    const upload = {
      code: 'upload_large',
      params: { name: 'a.png', megabytes: '21.0' },
      message: 'Too large.',
    };
    expect(say(upload, 'zh')).toBe('a.png 有 21.0 MB，最多 20 MB。');
    expect(say({ ...upload, params: { name: 'a.png' } }, 'zh')).toBe('Too large.');
  });

  it('keeps the server’s message for a reason that the page does not know', () => {
    expect(say(refusal('Odd.', { reason: 'NEVER_HEARD_OF' }), 'zh')).toBe('Odd.');
    expect(say(refusal('Odd.', { reason: 'retry' }), 'zh')).toBe('Odd.');
  });

  it.each([
    [7, 'Try again in 7 s.', '7 秒后可再试。'],
    [119.2, 'Try again in 2 min.', '2 分钟后可再试。'],
    [7200, 'Try again in 2 h.', '2 小时后可再试。'],
  ])('says when it will be possible again: %d s', (retryAfterSeconds, english, chinese) => {
    const error = refusal('Slow down.', { reason: 'TOO_MANY', retryAfterSeconds });
    expect(say(error, 'en')).toBe(`Slow down. ${english}`);
    expect(say(error, 'zh')).toBe(`请求太频繁了，请稍候再试。${chinese}`);
  });

  it('tells a call without an answer from a refusal', () => {
    expect(say(new TypeError('fetch failed'), 'en')).toMatch(/can’t be reached/);
    expect(say(undefined, 'zh')).toBe('服务器出错了，请重试。');
  });

  it('reads a failed job', () => {
    const job = { errorCode: 'INFERENCE_CRASHED', error: 'The model stopped.' };
    expect(say(job, 'en')).toBe('The model stopped.');
    expect(say(job, 'zh')).toBe('模型在运行中意外停止，请重新提交。');
    expect(say({ errorCode: null, error: null }, 'en')).toMatch(/went wrong/);
  });
});
