import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '.next*/**', 'var/**', 'tests/browser/**'];

/** Long enough for a machine that is busy with something else: what hangs is found all the same. */
const testTimeout = 120_000;

export default defineConfig({
  test: {
    retry: 0,
    coverage: {
      provider: 'v8',
      include: ['{app,eval,models,server}/**/*.{ts,tsx,mjs}'],
      exclude: [
        '**/*.test.{ts,tsx,mts}',
        'server/platform/db/generated/**',
        'models/{training,ablations}/**',
      ],
      reportsDirectory: 'var/coverage',
      reporter: ['text-summary', 'html', 'json-summary'],
      // What fails is looked at in the same report.
      reportOnFailure: true,
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mts}'],
          exclude: [...ignored, 'tests/{component,queries}/**', '**/*.{integration,nightly}.test.ts'],
          testTimeout,
          // Directories of models are made before their tests, beside whatever else the machine does.
          hookTimeout: 120_000,
          // One copy of the modules for all files of a worker: what a test changes of them it puts back.
          isolate: false,
        },
      },
      {
        // Components of the pages without a browser and a server.
        resolve: { alias: { '@': import.meta.dirname } },
        test: {
          name: 'component',
          include: ['tests/component/**/*.test.tsx'],
          environment: 'jsdom',
          setupFiles: ['tests/support/jsdom.ts'],
          testTimeout,
          // Of a page in which something is not found nothing is printed: it is long, and the test says what was looked for.
          env: { DEBUG_PRINT_LIMIT: '0' },
        },
      },
      {
        // What takes minutes and changes only with what it tests: `npm run test:nightly`.
        test: { name: 'nightly', include: ['**/*.nightly.test.ts'], exclude: ignored },
      },
      {
        // After the integration tests, over what they have sent to the database: `npm run test:queries`.
        test: {
          name: 'queries',
          include: ['tests/queries/*.test.ts'],
          globalSetup: ['tests/support/postgres-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ignored,
          globalSetup: ['tests/support/postgres-setup.ts'],
          setupFiles: ['tests/queries/record.ts'],
          testTimeout,
          hookTimeout: 180_000,
          maxWorkers: 2,
          // After the others where all are run together.
          sequence: { groupOrder: 1 },
          isolate: false,
        },
      },
    ],
  },
});
