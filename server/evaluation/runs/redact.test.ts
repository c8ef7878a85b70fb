import { expect, test } from 'vitest';
import { statusFailure } from '../../../eval/under-test/endpoint/failures';
import { quoting } from '../../../eval/under-test/endpoint/redact';
import { publicText } from './redact';

const answer = (status: number, body: string, mediaType = 'text/plain') =>
  statusFailure(
    { status, headers: new Headers(), mediaType, body: Buffer.from(body) },
    quoting([]),
    Date.now(),
  ).message;

test.each([
  [500, 'root:x:0:0 “secret” of the house', 'The endpoint answered 500: ….'],
  [401, 'the intranet says no', 'The endpoint answered 401: …. Check the API key and the environment'],
])('what an endpoint said with %i is not public', (status, body, public_) => {
  const message = answer(status, body);
  expect(message).toContain(body.slice(0, 8));
  expect(publicText(message)).toContain(public_);
  expect(publicText(message)).not.toMatch(/secret|root|intranet/);
});

test.each([
  ['The endpoint answered 502: private words. More.', 'The endpoint answered 502: …'],
  [
    'The endpoint answered with text instead of an image: "private words"',
    'The endpoint answered with text instead of an image: …',
  ],
  ['The answer is not JSON, or is cut off: "private: words"', 'The answer is not JSON, or is cut off: …'],
  ['See http://10.0.0.1:80/x and /etc/passwd/x.', 'See … and …'],
  ['The endpoint refused: "I cannot draw that."', 'The endpoint refused: "I cannot draw that."'],
])('%j reads %j', (text, read) => expect(publicText(text)).toBe(read));
