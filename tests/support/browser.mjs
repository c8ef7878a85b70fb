/** Finding a Chromium for the browser tests, and installing one where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The path of Playwright's own Chromium, else of an installed one, else null. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/**
 * As `findChromium`, after an attempt to install: Playwright's download, else Debian's package as root.
 * @throws Error that says what to do
 */
export function ensureChromium(root) {
  const run = (command, args) => spawnSync(command, args, { cwd: root, stdio: 'ignore', timeout: 600_000 });
  const attempts = [
    () => run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']),
  ];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'))
    attempts.push(() => {
      run('apt-get', ['update', '-qq']);
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
    });
  let found = findChromium();
  for (const attempt of attempts) {
    if (found) break;
    console.log('  Installing Chromium for the browser tests (once) …');
    attempt();
    found = findChromium();
  }
  if (found) return found;
  throw new Error(
    'There is no Chromium. Install one (npx playwright install chromium, or your system’s package), or name it in CHROMIUM_PATH.',
  );
}
