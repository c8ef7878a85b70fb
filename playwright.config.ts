import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { findHeadless } from './tests/support/browser.mjs';

// The configuration is read again in every worker process; what it chose once is handed on.
const port = (process.env.STUDIO_TEST_PORT ??= '3917');
const home = (process.env.STUDIO_TEST_HOME ??= mkdtempSync(path.join(tmpdir(), 'studio-browser-')));

/**
 * The real product, `npm start` with the shipped model in a home of its own: as programs talk to it (`built`), and as
 * people use it (`browser`).
 */
export default defineConfig({
  projects: [
    { name: 'built', testDir: 'tests/built' },
    { name: 'browser', testDir: 'tests/browser' },
  ],
  outputDir: 'test-results',
  timeout: 300_000,
  retries: 0,
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  // Long enough for a machine that is busy with something else.
  expect: { timeout: 45_000 },
  reporter: [
    ['list'],
    ['./tests/support/snapshot-reporter.ts'],
    ['json', { outputFile: path.join(home, 'journeys.json') }],
  ],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    browserName: 'chromium',
    // What is not there by then will not come.
    actionTimeout: 60_000,
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findHeadless() ?? undefined,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  webServer: {
    command: 'node server/start/main.mjs',
    url: `http://127.0.0.1:${port}/api/health`,
    timeout: 900_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: {
      ...{ PORT: port, HOST: '127.0.0.1', STUDIO_HOME: home, DATABASE_URL: '', MODEL_DIR: '', DEVICE: 'cpu' },
      // A journey comes by HTTPS, as a proxy says.
      TRUST_PROXY: '1',
    },
  },
});
