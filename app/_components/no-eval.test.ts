import { runInThisContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { noEvalScript } from './no-eval';

test('zod, loaded after the script, makes no functions out of texts', async () => {
  runInThisContext(noEvalScript);
  vi.resetModules();
  const { config, object, string } = await import('zod');
  expect(config()).toMatchObject({ jitless: true });
  const evaluated = vi.fn();
  vi.stubGlobal('Function', evaluated);
  try {
    expect(object({ a: string() }).parse({ a: 'b' })).toEqual({ a: 'b' });
    expect(evaluated).not.toHaveBeenCalled();
  } finally {
    vi.unstubAllGlobals();
  }
});
