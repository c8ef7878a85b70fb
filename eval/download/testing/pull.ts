/** Pulls Nexus-Gen V2 in a process of its own, so that it can be killed: `pull.ts MIRROR FOLDER`. */
import { pullNexusGen } from '../nexus-gen';

const [mirror = '', folder = ''] = process.argv.slice(2);
try {
  await pullNexusGen(folder, {
    ...{ hub: 'huggingface', mirror, segment: 100_000, retries: 0 },
    onProgress: (bytes) => process.stdout.write(`${bytes}\n`),
  });
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
