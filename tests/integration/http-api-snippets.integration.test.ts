import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { callOf, type Call } from '../../app/developers/call';
import { snippetLanguages, writeSnippet } from '../../app/developers/snippets';
import { emptyDraft } from '../../app/(demo)/draft';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { serveHttpApi, type HttpApiServer } from '../support/http-api';
import { root } from '../support/paths';
import { createStudio, type TestStudio } from '../support/studio';

/** The calls of the developers' page are run as somebody would run who copied them. */
const run = promisify(execFile);
const owner = randomUUID();
let database: TestDatabase;
let studio: TestStudio;
let server: HttpApiServer;
let key: string;
let folder: string;
let hash: string;

const has = (command: string) =>
  run(command, ['--version']).then(
    () => true,
    () => false,
  );
const [hasCurl, hasPython] = await Promise.all([has('curl'), has('python3')]);

beforeAll(async () => {
  database = await createTestDatabase(inject('adminUrl'));
  studio = await createStudio(database.url);
  server = await serveHttpApi(studio.services);
  key = (await studio.as(owner).keys.create({ name: 'snippets' })).secret;
  // Inside the project, so that `openai` is found.
  folder = await mkdtemp(path.join(root, 'test-results-snippets-')).catch(() => mkdtemp(tmpdir()));
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
  await writeFile(path.join(folder, 'picture.png'), picture);
  await studio.worker();
  const { id } = await studio.as(owner).demo.submit({ task: 'generate', prompt: 'a source' });
  await studio.reaches(id, 'done');
  hash = (await studio.as(owner).demo.get({ id })).picture?.hash ?? '';
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await server.close();
  await studio.close();
  await database.drop();
});

const nasty = [
  'plain words',
  `it's "quoted" and \\ slashed \\n`,
  '$HOME `id` $(id) ${x} !!',
  'two\nlines\tand a tab',
  '红苹果，“两个”',
  '@/etc/passwd;type=text/plain',
  '<b>&amp;</b> 🍎 %s {x}',
];

const calls = (prompt: string): Call[] => {
  const source = { hash, width: 16, height: 16 };
  const make = (task: Call['task'], withPicture: boolean) =>
    callOf(
      {
        ...emptyDraft,
        task,
        prompt,
        source: withPicture ? source : null,
        numbers: { steps: '2', seed: '3' },
      },
      undefined,
      task,
      server.origin,
    );
  return [
    make('generate', false),
    make('edit', true),
    make('edit', false),
    make('understand', true),
    make('understand', false),
  ].map((call) => ({
    ...call,
    prompt,
    model: 'tiny-random',
    ...(call.task === 'understand' ? { maxCompletionTokens: 8 } : { size: '64x64' }),
    extra: call.task === 'understand' ? { language: 'en' } : { steps: 2, seed: 3 },
  }));
};

const expectJob = async (call: Call) => {
  const { items } = await studio.as(owner).demo.list({ limit: 1 });
  expect(items[0]).toMatchObject({ task: call.task, prompt: call.prompt, state: 'done' });
};

describe.each(nasty)('the prompt %j', (prompt) => {
  test.runIf(hasCurl)('goes by curl as it is', async () => {
    for (const call of calls(prompt)) {
      const snippet = writeSnippet('curl', call, server.baseUrl);
      const env = { ...process.env, NEXUS_GEN_API_KEY: key };
      const { stdout } = await run('bash', ['-c', `${snippet} --silent --show-error --fail-with-body`], {
        cwd: folder,
        env,
      });
      const answer = JSON.parse(stdout) as { data?: { url: string }[]; choices?: unknown[] };
      expect(answer.data ?? answer.choices).toHaveLength(1);
      await expectJob(call);
    }
  });

  test.runIf(hasPython)('stands in Python as it is', async () => {
    for (const call of calls(prompt)) {
      const file = path.join(folder, 'call.py');
      await writeFile(file, writeSnippet('python', call, server.baseUrl));
      await run('python3', ['-m', 'py_compile', file]);
      const find = `import ast,json,sys
print(json.dumps([n.value for n in ast.walk(ast.parse(open(sys.argv[1], encoding="utf8").read())) if isinstance(n, ast.Constant)], default=str))`;
      const { stdout } = await run('python3', ['-c', find, file]);
      expect(JSON.parse(stdout)).toContain(prompt);
    }
  });

  test('goes by the openai client as it is', async () => {
    for (const call of calls(prompt)) {
      const file = path.join(folder, 'call.ts');
      await writeFile(file, writeSnippet('typescript', call, server.baseUrl));
      const env = { ...process.env, NEXUS_GEN_API_KEY: key };
      const { stdout } = await run('node', ['--import', 'tsx', file], { cwd: folder, env });
      await expectJob(call);
      if (call.task === 'understand') expect(stdout).toBe('word1 word2 word3 \n');
      else expect((await sharp(await readFile(path.join(folder, 'result.png'))).metadata()).width).toBe(16);
    }
  });
});

test('the calls in TypeScript have no errors of types', async () => {
  const files: string[] = [];
  for (const [i, call] of calls('words').entries()) {
    const file = path.join(folder, `typed-${i}.ts`);
    await writeFile(file, writeSnippet('typescript', call, server.baseUrl));
    files.push(file);
  }
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
  });
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(problems).toEqual([]);
});

test('every call reads in every language without the key in it', () => {
  for (const language of snippetLanguages)
    for (const call of calls('words'))
      expect(writeSnippet(language, call, server.baseUrl)).not.toContain('ngs_');
});
