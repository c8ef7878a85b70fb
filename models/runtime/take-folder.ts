import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Another process has the folder. */
export class FolderTakenError extends Error {}

/** How often one tries that meets others who want it too: all may give way to one another. */
const attempts = 12;
/** What stands in the file of who has the folder. */
const has = 'has it';

/**
 * Keeps a folder, which need not be there yet, for this process, so that two do not write into it at once. Whoever wants it leaves
 * a file that is named after the process in `FOLDER.lock`, and has it where no other process that lives has one: a file is there
 * before its owner looks, so of two at least one sees the other. What a process left that was killed counts for nothing.
 * @returns lets go of it
 * @throws FolderTakenError
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const place = `${path.resolve(folder)}.lock`;
  const mine = (await identityOf(process.pid)) ?? String(process.pid);
  const file = path.join(place, mine);
  const letGo = async () => {
    await rm(file, { force: true });
    // Another may have come meanwhile, or taken it away already.
    await rmdir(place).catch(() => undefined);
  };
  const refusal = (holder: string) =>
    new FolderTakenError(
      `Another process (${parseInt(holder, 10)}) is working in ${folder}. Wait until it has ended.`,
    );
  const isKept = async (by: string) => (await readFile(path.join(place, by), 'utf8').catch(() => '')) === has;
  let met = mine;
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Two that give way at the same moment must not meet again.
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
    try {
      await mkdir(place, { recursive: true });
      await writeFile(file, '', { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Taken away under our hands, or held by this very process.
      if (code !== 'EEXIST' && (code !== 'ENOENT' || attempt === attempts - 1)) throw error;
      if (await isKept(mine)) throw refusal(mine);
      continue;
    }
    const others = (await readdir(place)).filter((name) => name !== mine);
    const living: string[] = [];
    for (const other of others)
      if ((await identityOf(parseInt(other, 10))) === other) living.push(other);
      else await rm(path.join(place, other), { force: true });
    if (living.length === 0) {
      await writeFile(file, has);
      return letGo;
    }
    await letGo();
    for (const other of living) if (await isKept(other)) throw refusal(other);
    met = living[0]!;
  }
  throw refusal(met);
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
  const [state, began] = [0, 19].map((at) => stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[at]);
  // Killed, and its parent has not taken note yet.
  if (state === 'Z' || state === 'X') return null;
  return began === undefined ? String(pid) : `${pid}-${began}`;
}
