/** Makes a model directory in a process of its own, so that it can be killed: `add.ts WEIGHTS OUT`. */
import { addNexusGen } from '../nexus-gen/add';

const [weights = '', out = ''] = process.argv.slice(2);
try {
  await addNexusGen({
    ...{ weights, out },
    onProgress: ({ stage, what = '' }) => process.stdout.write(`${stage} ${what}\n`),
  });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
