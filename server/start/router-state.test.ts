import { expect, test } from 'vitest';
import { dropBadState } from './router-state.mjs';

const after = (state: string) => {
  const headers: Record<string, string | undefined> = { 'next-router-state-tree': state };
  dropBadState(headers);
  return headers['next-router-state-tree'];
};

test('a state of a page stays', () => {
  const state = encodeURIComponent(JSON.stringify(['', { children: ['runs', {}, null, 'refetch'] }]));
  expect(after(state)).toBe(state);
});

test.each(['', '%', '%7B', '%7B%7D', '"x"', '[]', '["",1]', encodeURIComponent('["",{"children":[1,{}]}]')])(
  '%j is taken out',
  (state) => expect(after(state)).toBeUndefined(),
);

test('a request without one stays as it is', () => {
  const headers = { accept: '*/*' };
  dropBadState(headers);
  expect(headers).toEqual({ accept: '*/*' });
});
