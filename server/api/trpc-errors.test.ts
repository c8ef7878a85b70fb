import { expect, test } from 'vitest';
import { toApiError } from './http-api/errors';
import { createLog } from '../platform/log/log';
import { failureOf } from './web/responses';
import { toTrpcError } from '../accounts/trpc-errors';

const log = createLog('test', 'silent');
const withCode = (code: string) => Object.assign(new Error('raw'), { code });

test.each([
  ['ENOSPC', 'DISK_FULL', /disk is full/],
  ['53100', 'DISK_FULL', /disk is full/],
  ['57P03', 'DATABASE_UNREACHABLE', /database is temporarily unavailable/],
])('%s is answered as %s and 503, whoever asks', async (code, own, message) => {
  const error = withCode(code);
  expect(toTrpcError(error)).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringMatching(message),
    cause: { code: own },
  });
  expect(toApiError(error)).toMatchObject({
    status: 503,
    code: own.toLowerCase(),
    message: expect.stringMatching(message),
  });
  const response = failureOf(error, { log }, 'a request failed', 'Try again.');
  expect([response.status, await response.json()]).toMatchObject([503, { code: own }]);
});

test('what nobody foresaw is told without its details', async () => {
  const error = new Error('secret');
  expect(toTrpcError(error).message).not.toContain('secret');
  expect(toApiError(error).message).not.toContain('secret');
  const response = failureOf(error, { log }, 'a request failed', 'Try again.');
  expect([response.status, await response.json()]).toEqual([
    500,
    { code: 'INTERNAL', message: 'Try again.' },
  ]);
});
