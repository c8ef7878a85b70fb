import { describe, expect, test } from 'vitest';
import { foreseen, isConnectionError, isDiskFull, StudioError } from './errors';

const withFields = (message: string, fields: object) => Object.assign(new Error(message), fields);
/** As Prisma's adapter and client throw what the driver said. */
const adapterError = (cause: object) => withFields('DriverAdapterError', { cause });
const knownRequest = (code: string, cause: object) =>
  withFields('Raw query failed', { code, meta: { driverAdapterError: adapterError(cause) } });

describe('a database that is away', () => {
  test.each([
    withFields('the database system is in recovery mode', { code: '57P03' }),
    new Error('FATAL: the database system is in recovery mode'),
    new Error('FATAL: the database system is not yet accepting connections'),
    new Error('FATAL: the database system is not accepting connections'),
    new Error('the database system is starting up'),
    new Error('the database system is shutting down'),
    withFields('terminated', { code: '57P01' }),
    withFields('crash', { code: '57P02' }),
    withFields('x', { code: '08001' }),
    withFields('x', { code: '08P01' }),
    adapterError({ kind: 'postgres', code: '57P03', message: 'x' }),
    adapterError({ kind: 'DatabaseNotReachable' }),
    adapterError({ kind: 'ConnectionClosed' }),
    adapterError({ kind: 'SocketTimeout' }),
    knownRequest('P2010', { kind: 'postgres', originalCode: '57P03', originalMessage: 'x' }),
    withFields('x', { code: 'P1001' }),
    new AggregateError([withFields('connect', { code: 'ECONNREFUSED' })]),
    new Error('failed', { cause: withFields('x', { code: '57P03' }) }),
    withFields('connect', { code: 'ENOENT', syscall: 'connect' }),
    new StudioError('DATABASE_UNREACHABLE', 'The session could not be read.'),
  ])('%s (%#)', (error) => {
    expect(isConnectionError(error)).toBe(true);
    expect(foreseen(error)).toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });

  test.each([
    null,
    'text',
    new Error('a syntax error'),
    withFields('cancelled', { code: '57014' }),
    // A file that is missing is no database that is away.
    withFields('no such file', { code: 'ENOENT', syscall: 'open' }),
  ])('is not %s', (error) => {
    expect(isConnectionError(error)).toBe(false);
    expect(foreseen(error)).toBeNull();
  });
});

describe('a disk that is full', () => {
  test.each([
    withFields('ENOSPC: no space left on device, write', { code: 'ENOSPC', syscall: 'write' }),
    withFields('quota', { code: 'EDQUOT' }),
    withFields('could not extend file', { code: '53100' }),
    adapterError({ kind: 'postgres', code: '53100', message: 'could not extend file' }),
    knownRequest('P2010', { kind: 'postgres', originalCode: '53100', originalMessage: 'x' }),
    new StudioError('DISK_FULL', 'The disk is full.'),
  ])('%s (%#)', (error) => {
    expect(isDiskFull(error)).toBe(true);
    expect(foreseen(error)).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/disk is full/),
    });
  });
});

test.each([
  ['NUL in a text', withFields('invalid byte sequence for encoding "UTF8": 0x00', { code: '22021' })],
  ['NUL in JSON', withFields('unsupported Unicode escape sequence', { code: '22P05' })],
  [
    'half a pair in JSON',
    withFields('invalid input syntax for type json', {
      code: '22P02',
      detail: 'Unicode high surrogate must not follow a high surrogate.',
    }),
  ],
  [
    'what Prisma makes of it',
    withFields('Invalid invocation', {
      code: 'P2010',
      meta: { driverAdapterError: { originalCode: '22021' } },
    }),
  ],
  [
    'the same in a cause',
    withFields('DriverAdapterError', { cause: { kind: 'postgres', originalCode: '22021' } }),
  ],
])('a query that failed by %s is the sender’s fault', (_name, error) => {
  const refusal = foreseen(error);
  expect(refusal).toBeInstanceOf(StudioError);
  expect(refusal).toMatchObject({ code: 'BAD_REQUEST', reason: 'TEXT_UNUSABLE' });
});

test.each([
  [null],
  [undefined],
  ['text'],
  [withFields('syntax error', { code: '42601' })],
  [withFields('x', { cause: 'y' })],
])('%s is another fault', (error) => expect(foreseen(error)).toBeNull());
