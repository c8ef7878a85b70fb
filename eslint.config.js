import { readdirSync } from 'node:fs';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { sitePathRule } from './tests/lint/site-path.mjs';
import { writesTheMinifierMisses } from './tests/minifier/writes-the-minifier-misses.mjs';

/** A zone that forbids files under `target` to import from `from`. */
const zone = (target, from, message, except = []) => ({ target, from, message, except });
/** Everything in app/ beside the demo. */
const outsideDemo = readdirSync(new URL('./app', import.meta.url))
  .filter((name) => name !== '(demo)')
  .map((name) => `./app/${name}`);
/** The rooms of server/, each above those that it uses. */
const rooms = [
  ...['cli', 'start', 'worker', 'api', 'reviews', 'evaluation', 'demo', 'accounts', 'inference', 'platform'],
];
const roomZones = rooms.slice(1).map((room, above) =>
  zone(
    `./server/${room}`,
    rooms.slice(0, above + 1).map((other) => `./server/${other}`),
    `The rooms of server/ use those after them only: ${rooms.join(' → ')}.`,
  ),
);
const oneWay = 'Imports point one way only: app → server → eval → models.';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '.next*/**',
      'var/**',
      'server/platform/db/generated/**',
      'test-results/**',
      'playwright-report/**',
      'next-env.d.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts,js,mjs}'],
    plugins: {
      'import-x': importX,
      'react-hooks': reactHooks,
      studio: {
        rules: { 'site-path': sitePathRule, 'writes-the-minifier-misses': writesTheMinifierMisses },
      },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'studio/writes-the-minifier-misses': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            zone('./models', './eval', oneWay),
            zone('./models', './server', oneWay),
            zone('./models', './app', oneWay),
            zone('./models/runtime', './models', 'The runtime imports nothing of ours.', ['./runtime']),
            zone('./eval', './server', oneWay),
            zone('./eval', './app', oneWay),
            zone('./server', './app', oneWay),
            zone('./app', './eval', 'The pages speak to the server only.'),
            zone('./app', './models', 'The pages speak to the server only.'),
            ...roomZones,
            zone(outsideDemo, './app/(demo)', 'What other pages share with the demo is in app/_*.'),
            zone('./app', './tests', 'Tests import the product, not the other way round.'),
            zone('./server', './tests', 'Tests import the product, not the other way round.'),
            zone('./eval', './tests', 'Tests import the product, not the other way round.'),
            zone('./models', './tests', 'Tests import the product, not the other way round.'),
          ],
        },
      ],
    },
  },
  {
    // With types: promises that nobody waits for, and what an `any` hides. Of tests they would cost as much again.
    files: ['{app,server,eval,models}/**/*.{ts,tsx}'],
    ignores: ['**/*.test.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/return-await': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
    },
  },
  {
    // The HTTP API's own table of routes is without the base.
    files: ['app/**', 'server/**'],
    ignores: ['**/*.test.ts', 'server/api/http-api/handler.ts', 'server/platform/env/site-path.ts'],
    rules: { 'studio/site-path': 'error' },
  },
  {
    // The only importer of the native runtime is models/runtime.
    files: ['app/**', 'server/**', 'eval/**', 'models/scenes/**', 'models/report/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: ['onnxruntime-node'] }],
    },
  },
);
