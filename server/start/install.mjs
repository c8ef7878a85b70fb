/** What must be there before any package can be imported: the packages themselves. Node's own modules only. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');

/** One line, and the end. */
export function fail(message) {
  console.error(`✗ ${message}`);
  process.exit(1);
}

/** Settings of a file `.env` beside package.json (.env.example); those of the environment itself go before. */
export function loadSettings() {
  const file = path.join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org).`);
}

/** Runs `npm ci` when packages are missing or the lock file is another than theirs. */
export function installPackages({ dev = true } = {}) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules/.studio-lock');
  const key = `${lock} ${process.platform}-${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  if (!existsSync(stamp) && sameAsLock()) return writeFileSync(stamp, key);
  console.log('  Installing packages (once, a minute or two) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(dev ? ['--include=dev'] : [])];
  const env = { ...process.env, NODE_ENV: '' };
  const options = { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1 << 26 };
  const done =
    npm && /\.c?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (done.status !== 0) {
    const said = `${done.stderr ?? ''}`
      .split('\n')
      .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').trim());
    const reason =
      said.find((line) => line && !/^(code|errno|syscall|path)\b/.test(line)) ?? done.error?.message ?? '';
    const advice = said.some((line) => /ENOSPC/.test(line))
      ? 'Free some disk space'
      : said.some((line) => /EUSAGE/.test(line))
        ? 'Restore package-lock.json (git checkout package-lock.json)'
        : 'Check the network and the registry';
    fail(`The packages could not be installed: ${reason.replace(/\.$/, '')}. ${advice}, then start again.`);
  }
  writeFileSync(stamp, key);
}

/** Whether packages that somebody installed by hand are those of the lock file. */
function sameAsLock() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const want = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([place, entry]) => place === '' || entry.optional || have[place]?.version === entry.version,
  );
}
