import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '.next*/**', 'var/**', 'tests/browser/**'];

export default defineConfig({
  test: {
    retry: 0,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx,mts}'],
          exclude: [...ignored, '**/*.integration.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: ignored,
          globalSetup: ['tests/support/postgres-setup.ts'],
          // Long enough for a machine that is busy with something else: what hangs is found all the same.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
