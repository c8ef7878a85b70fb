import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, hostname, platform, release, totalmem } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What besides its fingerprint tells how a run came about. */
export interface Provenance {
  /** The project's commit; null where it is no git clone. */
  commit: string | null;
  /** Whether tracked files differed from the commit. */
  dirty: boolean | null;
  /** Versions of the packages that can change a figure. */
  packages: Record<string, string>;
  node: string;
  /** Where the run was started. Workers add theirs under `workers`. */
  machine: { host: string; system: string; cpu: string; cores: number; memoryBytes: number };
  /** Whether outputs of earlier runs may be taken. */
  cache: boolean;
  /** Of an endpoint: how it is asked, with its limits and the names of the variables that hold keys. */
  endpoint?: unknown;
}

const root = path.join(import.meta.dirname, '../..');
const measured = [
  'onnxruntime-node',
  'sharp',
  '@huggingface/tokenizers',
  '@huggingface/jinja',
  '@resvg/resvg-js',
  'hyparquet',
];

export async function provenance(options: Pick<Provenance, 'cache' | 'endpoint'>): Promise<Provenance> {
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-C', root, ...args]).then(
      ({ stdout }) => stdout.trim(),
      () => null,
    );
  const [commit, changes, lock] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('status', '--porcelain', '--untracked-files=no'),
    readFile(path.join(root, 'package-lock.json'), 'utf8'),
  ]);
  const { packages } = JSON.parse(lock) as { packages: Record<string, { version?: string }> };
  return {
    commit,
    dirty: commit === null || changes === null ? null : changes !== '',
    packages: Object.fromEntries(
      measured.flatMap((name) => {
        const version = packages[`node_modules/${name}`]?.version;
        return version === undefined ? [] : [[name, version]];
      }),
    ),
    node: process.versions.node,
    machine: {
      host: hostname(),
      system: `${platform()} ${release()}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
    ...options,
  };
}
