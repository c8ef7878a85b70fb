/** Finding a Chromium for the browser tests, and installing one where there is none. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Debian's Chromium without windows. */
const headlessShell = 'chromium-headless-shell';

function inPath(wanted) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = wanted.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return places.find((place) => existsSync(place)) ?? null;
}

/** The path of Playwright's own Chromium, else of an installed one, else null. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  return inPath([...names, headlessShell]);
}

/** A Chromium for journeys: one without windows takes half of the processor's time. As `findChromium` where there is none. */
export const findHeadless = () =>
  process.env.CHROMIUM_PATH ? findChromium() : (inPath([headlessShell]) ?? findChromium());

/** The folder of a Chromium that has a Vulkan driver in software, and what loads it; else null. */
export function softwareVulkan() {
  const found = findChromium();
  const folders = [...(found ? [path.dirname(realpathSync(found))] : []), '/usr/lib/chromium'];
  const files = ['vk_swiftshader_icd.json', 'libvk_swiftshader.so', 'libvulkan.so.1'];
  return folders.find((folder) => files.every((file) => existsSync(path.join(folder, file)))) ?? null;
}

/**
 * As `findHeadless`, after an attempt to install: Debian's package as root, else Playwright's download.
 * @throws Error that says what to do
 */
export function ensureHeadless(root) {
  const run = (command, args) =>
    spawnSync(command, args, { cwd: root, stdio: 'ignore', timeout: 600_000 }).status === 0;
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', headlessShell]);
  const asRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (asRoot && !process.env.CHROMIUM_PATH && !inPath([headlessShell])) {
    console.log('  Installing Chromium for the browser tests (once) …');
    if (!install() && run('apt-get', ['update', '-qq'])) install();
  }
  if (!findHeadless()) run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
  const found = findHeadless();
  if (found) return found;
  throw new Error(
    'There is no Chromium. Install one (npx playwright install chromium, or your system’s package), or name it in CHROMIUM_PATH.',
  );
}
