/** Loads one graph in a process of its own and tells seconds and memory: `load-part.ts DIR NAME`, with `specs.json` in DIR. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openGraphs } from '../../../models/runtime/graphs/local';
import type { GraphSpec } from '../../../models/runtime/manifest';

const [dir = '', name = ''] = process.argv.slice(2);
const specs = JSON.parse(readFileSync(path.join(dir, 'specs.json'), 'utf8')) as Record<string, GraphSpec>;
/** Memory of this process alone, in GB. */
const own = () =>
  Number(/^Anonymous:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1] ?? NaN) / 1e6;

const before = own();
const started = performance.now();
const set = openGraphs<string>(dir, specs, { device: 'cpu' });
await set.get(name);
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, own: own() - before }));
