/** `npm run test:queries`: the integration tests, recorded, and the checks of what they sent. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../server/start/install.mjs';

const home = mkdtempSync(path.join(tmpdir(), 'studio-queries-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const env = { ...process.env, STUDIO_QUERY_RECORD: path.join(home, 'queries.jsonl') };
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const statuses = ['integration', 'queries'].map(
  (project) =>
    spawnSync(process.execPath, [vitest, 'run', '--project', project], { cwd: root, env, stdio: 'inherit' })
      .status,
);
process.exit(statuses.every((status) => status === 0) ? 0 : 1);
