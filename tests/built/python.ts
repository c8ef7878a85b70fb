import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const folder = path.join(here, '.python');
const requirements = path.join(here, 'requirements.txt');

/**
 * A Python that has what `requirements.txt` names, in a folder that git ignores; made once and used again.
 * @returns its path, or why there is none
 */
export function pythonWithOpenAi(): { python: string } | { missing: string } {
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: 'utf8' });
  const found = run('python3', ['-c', 'import sys, venv; print(sys.version)']);
  if (found.status !== 0) return { missing: 'there is no python3 that can make a virtual environment' };
  const stamp = path.join(folder, 'made-of');
  const wanted = `${readFileSync(requirements, 'utf8')}${found.stdout}`;
  if (read(stamp) === wanted) return { python };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = run('python3', ['-m', 'venv', folder]);
  if (made.status !== 0) return { missing: `python3 makes no virtual environment: ${lastLine(made)}` };
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  const installed = run(python, install);
  if (installed.status !== 0) return { missing: `PyPI gives no openai: ${lastLine(installed)}` };
  writeFileSync(stamp, wanted);
  return { python };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const lastLine = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
  `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
