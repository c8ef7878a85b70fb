import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { oneLine, StudioError } from '../platform/errors/errors';
import { startGuarded } from './guarded';
import { buildFolder } from './paths.mjs';

/** What is generated from the sources, made again when they changed. Each result carries the hash of its sources. */

const ignored = /(^|\/)(generated|node_modules|__pycache__|\.[^/]*)$|\.(test|integration\.test)\.tsx?$/;
const relevant = /\.(ts|tsx|js|mjs|css|json|svg|png|jpg|webp|ico|woff2|prisma)$/;

/**
 * The files of these places that count, in an order of their own.
 * @param places files and folders, relative to `root`
 * @returns paths relative to `root`
 */
export async function filesOf(root: string, places: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const visit = async (place: string): Promise<void> => {
    const full = path.join(root, place);
    if (!existsSync(full) || ignored.test(place)) return;
    const entries = await readdir(full, { withFileTypes: true }).catch(() => null);
    if (!entries) return void found.push(place);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries)
      if (entry.isDirectory() || relevant.test(entry.name)) await visit(`${place}/${entry.name}`);
  };
  for (const place of places) await visit(place);
  return found;
}

async function hashOf(root: string, places: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await filesOf(root, places))
    hash.update(`${file}\0`).update(await readFile(path.join(root, file)));
  return hash.digest('hex');
}

/** What Prisma's client is generated from. */
const clientSources = ['prisma/schema.prisma', 'prisma/prisma.config.ts', 'package-lock.json'];

/**
 * What the pages are built from: files and folders. A test follows the imports and finds what is left out.
 * `server/platform/db/generated` stands here by the schema.
 */
export const pageSources = [
  ...['app', 'server', 'eval', 'models/runtime', 'models/scenes', 'public', ...clientSources],
  ...['next.config.js', 'postcss.config.mjs', 'tsconfig.json', 'tsconfig.build.json', 'package.json'],
];

/** Prisma's client from the schema. */
export async function generateClient(root: string): Promise<void> {
  await whenChanged(root, 'server/platform/db/generated', clientSources, () =>
    runNode(root, 'node_modules/prisma/build/index.js', {
      args: ['generate', '--config', 'prisma/prisma.config.ts', '--no-hints'],
      // Generating needs no engine, but looks for one and would download it. Any program stands in.
      env: {
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
      what: 'The database client could not be generated',
    }),
  );
}

/** The pages. @param basePath the setting, for which they are built */
export async function buildPages(root: string, say: (line: string) => void, basePath = ''): Promise<void> {
  await whenChanged(root, buildFolder(basePath), pageSources, async () => {
    say('Building the pages (once, and when sources changed) …');
    await runNode(root, 'node_modules/next/dist/bin/next', {
      args: ['build'],
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', BASE_PATH: basePath },
      what: 'The pages could not be built',
    });
  });
}

async function whenChanged(
  root: string,
  result: string,
  sources: readonly string[],
  make: () => Promise<void>,
) {
  const stamp = path.join(root, result, 'studio-sources');
  const hash = await hashOf(root, sources);
  if ((await readFile(stamp, 'utf8').catch(() => '')) === hash) return;
  await rm(stamp, { force: true });
  await make();
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
}

async function runNode(
  root: string,
  script: string,
  { args, env, what }: { args: string[]; env: Record<string, string>; what: string },
): Promise<void> {
  // Two at once would spoil what they make: one ends with the start that runs it.
  const child = startGuarded(
    { file: process.execPath, args: [path.join(root, script), ...args], options: { cwd: root } },
    { env: { ...process.env, ...env } as NodeJS.ProcessEnv, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code === 0) return;
  const lines = output.split('\n').filter((line) => line.trim());
  const reason =
    lines.find((line) => /error|ENOSPC|no space/i.test(line)) ?? lines.at(-1) ?? `exit code ${code}`;
  console.error(output);
  throw new StudioError(
    /ENOSPC|no space/i.test(output) ? 'DISK_FULL' : 'CONFLICT',
    `${what}: ${oneLine(reason)}. The full output is above.`,
  );
}
