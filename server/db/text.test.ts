import { expect, test } from 'vitest';
import { StudioError } from '../errors/errors';
import { textRefusal } from './text';

const thrown = (message: string, more: object = {}) => Object.assign(new Error(message), more);

test.each([
  ['NUL in a text', thrown('invalid byte sequence for encoding "UTF8": 0x00', { code: '22021' })],
  ['NUL in JSON', thrown('unsupported Unicode escape sequence', { code: '22P05' })],
  [
    'half a pair in JSON',
    thrown('invalid input syntax for type json', {
      code: '22P02',
      detail: 'Unicode high surrogate must not follow a high surrogate.',
    }),
  ],
  [
    'what Prisma makes of it',
    thrown('Invalid invocation', { code: 'P2010', meta: { driverAdapterError: { originalCode: '22021' } } }),
  ],
  [
    'the same in a cause',
    thrown('DriverAdapterError', { cause: { kind: 'postgres', originalCode: '22021' } }),
  ],
])('a query that failed by %s is the sender’s fault', (_name, error) => {
  const refusal = textRefusal(error);
  expect(refusal).toBeInstanceOf(StudioError);
  expect(refusal).toMatchObject({ code: 'BAD_REQUEST', reason: 'TEXT_UNUSABLE' });
});

test.each([
  [null],
  [undefined],
  ['text'],
  [thrown('syntax error', { code: '42601' })],
  [thrown('x', { cause: 'y' })],
])('%s is another fault', (error) => expect(textRefusal(error)).toBeNull());
