import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { noEvalScript } from './no-eval';

test('zod, loaded after the script, makes no functions out of texts', () => {
  // In a process of its own, in which nobody has loaded zod before.
  const parsed = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { runInThisContext } from 'node:vm';
      runInThisContext(${JSON.stringify(noEvalScript)});
      const { config, object, string } = await import('zod');
      let made = 0;
      globalThis.Function = class { constructor() { made++; } };
      console.log(config().jitless, JSON.stringify(object({ a: string() }).parse({ a: 'b' })), made);`,
    ],
    { encoding: 'utf8' },
  );
  expect(parsed.trim()).toBe('true {"a":"b"} 0');
});
