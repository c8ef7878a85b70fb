import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CheckpointError } from '../errors';

const name = 'in-use';

/**
 * Keeps a folder for this process, so that two do not write into it at once. What a process left that was killed is taken over.
 * @returns lets go of it
 * @throws CheckpointError where another process has it
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, name);
  const mine = await identityOf(process.pid);
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(file, mine ?? String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 3) throw error;
    }
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (holder !== '' && (await identityOf(parseInt(holder, 10))) === holder)
      throw new CheckpointError(
        'checkpoint_mismatch',
        `Another process (${parseInt(holder, 10)}) is working in ${folder}. Wait until it has ended.`,
      );
    await rm(file, { force: true });
  }
}

/** A number is given to another process later: when it began tells the two apart, where the system says that. */
async function identityOf(pid: number): Promise<string | null> {
  if (!(pid > 0)) return null;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // Behind the name in parentheses, which may hold anything: the state, and 19 fields on the start.
  const began = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return began === undefined ? String(pid) : `${pid} ${began}`;
}
