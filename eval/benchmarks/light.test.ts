import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

/** The modules of ours that are loaded with a module, and the packages; what `import()` loads later is not among them. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  const name = path.relative(root, file);
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(file, 'utf8');
  for (const [, from] of text.matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from '([^']+)';/gm))
    if (from!.startsWith('.')) loadedWith(moduleAt(path.resolve(path.dirname(file), from!)), seen);
    else seen.add(from!);
  return seen;
}

const moduleAt = (place: string): string =>
  [`${place}.ts`, path.join(place, 'index.ts')].find((file) => existsSync(file))!;

test('the benchmarks are loaded without what draws, measures or reads files', () => {
  const loaded = [...loadedWith(path.join(import.meta.dirname, 'index.ts'))];
  expect(loaded).toContain('eval/benchmarks/geneval/benchmark.ts');
  // The table of parameters is data alone.
  const others = loaded.filter((name) => !/^(eval\/benchmarks\/|models\/runtime\/parameter)/.test(name));
  expect(others).toEqual([]);
  expect(loaded.filter((name) => /(methods|measure|sweep)\.ts$/.test(name))).toEqual([]);
});
