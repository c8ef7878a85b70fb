import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import ts from 'typescript';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { callOf, type Call } from '../../app/developers/call';
import { snippetLanguages, writeSnippet } from '../../app/developers/snippets';
import { emptyDraft } from '../../app/_request/draft';
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
let sourceUrl: string;

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
  await mkdir(path.join(root, 'test-results'), { recursive: true });
  folder = await mkdtemp(path.join(root, 'test-results', 'snippets-'));
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#c02020' } })
    .png()
    .toBuffer();
  await writeFile(path.join(folder, 'picture.png'), picture);
  await studio.worker();
  const { id } = await studio.as(owner).demo.submit({ task: 'generate', prompt: 'a source' });
  await studio.reaches(id, 'done');
  hash = (await studio.as(owner).demo.get({ id })).picture?.hash ?? '';
  sourceUrl = new URL((await studio.as(owner).images.link({ hash })).path, server.origin).href;
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
      sourceUrl,
    );
  return [
    make('generate', false),
    make('edit', true),
    make('edit', false),
    make('understand', true),
    make('understand', false),
    { ...make('understand', false), withFile: true },
  ].map((call): Call => ({
    ...call,
    prompt,
    model: 'tiny-random',
    own: call.task === 'understand' ? { max_completion_tokens: 8 } : { size: '64x64' },
    extra: (call.task === 'understand' ? { language: 'en' } : { steps: 2, seed: 3 }) as Call['extra'],
  }));
};

const all = () => nasty.flatMap(calls);
const write = async (language: 'python' | 'typescript') => {
  const extension = language === 'python' ? 'py' : 'ts';
  const files: string[] = [];
  for (const [i, call] of all().entries()) {
    const file = path.join(folder, `call_${i}.${extension}`);
    await writeFile(file, writeSnippet(language, call, server.baseUrl));
    files.push(file);
  }
  return files;
};
/** The newest jobs, oldest first. */
const jobs = async (count: number) =>
  (await studio.as(owner).demo.list({ limit: count })).items
    .reverse()
    .map(({ task, prompt, state }) => ({ task, prompt, state }));
const wanted = ({ task, prompt }: Call) => ({ task, prompt, state: 'done' });

test.runIf(hasCurl).each(nasty)('the prompt %j goes by curl as it is', async (prompt) => {
  for (const call of calls(prompt)) {
    const snippet = writeSnippet('curl', call, server.baseUrl);
    const env = { ...process.env, NEXUS_GEN_API_KEY: key };
    const { stdout } = await run(
      'bash',
      ['-c', snippet.replace(/^curl/, 'curl --silent --show-error --fail-with-body')],
      {
        cwd: folder,
        env,
      },
    );
    const answer = JSON.parse(stdout) as { data?: { url: string }[]; choices?: unknown[] };
    expect(answer.data ?? answer.choices).toHaveLength(1);
    expect(await jobs(1)).toEqual([wanted(call)]);
  }
});

test.runIf(hasPython)('every prompt stands in Python as it is', async () => {
  const files = await write('python');
  await run('python3', ['-m', 'py_compile', ...files]);
  const find = `import ast, json, sys
def constants(name):
    tree = ast.parse(open(name, encoding="utf8").read())
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
print(json.dumps([constants(name) for name in sys.argv[1:]], default=str))`;
  const { stdout } = await run('python3', ['-c', find, ...files]);
  const found = JSON.parse(stdout) as unknown[][];
  for (const [i, call] of all().entries()) expect(found[i]).toContain(call.prompt);
});

test('every prompt goes by the openai client as it is', async () => {
  const files = await write('typescript');
  const main = path.join(folder, 'main.ts');
  await writeFile(main, files.map((file) => `await import('./${path.basename(file)}');`).join('\n'));
  const env = { ...process.env, NEXUS_GEN_API_KEY: key };
  const { stdout } = await run('node', ['--import', 'tsx', main], { cwd: folder, env });
  expect(await jobs(files.length)).toEqual(all().map(wanted));
  const answers = all().filter(({ task }) => task === 'understand');
  expect(stdout).toBe('word1 word2 word3 \n'.repeat(answers.length));
  expect((await sharp(await readFile(path.join(folder, 'result.png'))).metadata()).width).toBe(16);
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
