import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseEnv, settingNames } from './env';

test('everything has a default, and an empty value counts as none', () => {
  const defaults = parseEnv({}, '/studio');
  expect(defaults).toEqual({
    port: 3000,
    host: '127.0.0.1',
    basePath: '',
    embedOrigins: '',
    allowedHosts: [],
    home: '/studio/var',
    databaseUrl: undefined,
    modelDir: '/studio/models/nexus-gen-nano',
    evaluatorsDir: '/studio/var/evaluators',
    device: 'cpu',
    logLevel: 'info',
    limits: {
      jobsPerMinute: 300,
      jobsPerMinuteAddress: 1200,
      maxWaiting: 20,
      uploadsPerMinute: 120,
      signInAttempts: 10,
      storageBytes: 500e6,
      historyDays: 90,
    },
    authSecret: undefined,
    trustProxy: 0,
  });
  expect(parseEnv({ PORT: '', DATABASE_URL: '', MODEL_DIR: '', DEVICE: '' }, '/studio')).toEqual(defaults);
});

test('folders count from the root unless absolute', () => {
  expect(parseEnv({ STUDIO_HOME: 'data', MODEL_DIR: '/models/big' }, '/studio')).toMatchObject({
    home: '/studio/data',
    modelDir: '/models/big',
  });
});

test.each([
  ['PORT', '-1'],
  ['PORT', '3000x'],
  ['PORT', '65536'],
  ['HOST', 'a b'],
  ['DATABASE_URL', 'localhost:5432'],
  ['DEVICE', 'CPU'],
  ['DEVICE_MEMORY', '24'],
  ['DEVICE_MEMORY', '0GB'],
  ['LOG_LEVEL', 'loud'],
  ['JOBS_PER_MINUTE', '-1'],
  ['STORAGE_MB', '1 GB'],
  ['HISTORY_DAYS', 'never'],
  ['TRUST_PROXY', 'true'],
  ['BASE_PATH', 'studio'],
  ['BASE_PATH', '/studio/'],
  ['BASE_PATH', '/my studio'],
  ['BASE_PATH', '/a/../b'],
  ['BASE_PATH', '/runs'],
  ['EMBED_ORIGINS', 'example.org'],
  ['EMBED_ORIGINS', 'https://example.org/page'],
  ['EMBED_ORIGINS', "https://a.example; script-src 'none'"],
  ['EMBED_ORIGINS', 'none https://a.example'],
  ['EMBED_ORIGINS', '*'],
  ['EMBED_ORIGINS', ','],
  ['ALLOWED_HOSTS', 'https://studio.example'],
  ['ALLOWED_HOSTS', 'studio.example:3000'],
  ['ALLOWED_HOSTS', '*'],
  ['ALLOWED_HOSTS', 'a b/c'],
])('%s=%s is refused in one line that names it and what is wanted', (name, value) => {
  expect(() => parseEnv({ [name]: value })).toThrow(
    expect.objectContaining({
      code: 'BAD_SETTING',
      message: expect.stringMatching(new RegExp(`^${name} is invalid: [^\n]+\\. Correct it or unset it\\.$`)),
    }),
  );
});

test('the names of the site are listed with commas or spaces', () => {
  expect(parseEnv({ ALLOWED_HOSTS: 'Studio.example, *.lab.example localhost,[::1]' }).allowedHosts).toEqual([
    ...['studio.example', '*.lab.example', 'localhost', '[::1]'],
  ]);
});

test('sites that may frame the demo are listed with commas or spaces', () => {
  const read = (text: string) => parseEnv({ EMBED_ORIGINS: text }).embedOrigins;
  expect(read('https://a.example,https://*.b.example:8443  http://localhost:*')).toBe(
    'https://a.example https://*.b.example:8443 http://localhost:*',
  );
  expect(read('none')).toBe('none');
});

test('.env.example and the README name every setting, and the example no other', () => {
  const read = (name: string) => readFileSync(path.join(import.meta.dirname, '../../..', name), 'utf8');
  const examples = [...read('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)];
  expect(examples.map(([, name]) => name).sort()).toEqual([...settingNames].sort());
  expect(() => parseEnv(Object.fromEntries(examples.map(([, name, value]) => [name, value])))).not.toThrow();
  const documented = read('README.md') + read('server/platform/limits/README.md');
  expect(settingNames.filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
});
