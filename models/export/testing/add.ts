/** Makes a model directory in a process of its own, so that it can be killed: `add.ts WEIGHTS OUT [PRECISION]`. */
import { addNexusGen } from '../nexus-gen/add';
import type { Precision } from '../nexus-gen/precision';

const [weights = '', out = '', precision = 'as-is'] = process.argv.slice(2);
try {
  await addNexusGen({
    ...{ weights, out, precision: precision as Precision },
    onProgress: ({ stage, what = '' }) => process.stdout.write(`${stage} ${what}\n`),
  });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
