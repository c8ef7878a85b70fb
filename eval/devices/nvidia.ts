/** What NVIDIA's driver tells of itself, by its program `nvidia-smi`. */
import { execFile } from 'node:child_process';

export interface Gpu {
  name: string;
  /** In bytes. */
  memory: number;
  driver: string;
}

export interface Nvidia {
  gpus: Gpu[];
  /** The newest CUDA version that the driver supports, such as `13.0`; null where it does not say. */
  cuda: string | null;
}

/** @returns null where the program is missing or finds no driver */
export async function nvidia(): Promise<Nvidia | null> {
  const rows = await ask('--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits');
  if (rows === null) return null;
  return { gpus: parseGpus(rows), cuda: parseCudaVersion((await ask()) ?? '') };
}

const ask = (...args: string[]): Promise<string | null> =>
  new Promise((resolve) =>
    execFile('nvidia-smi', args, { timeout: 10_000 }, (error, stdout) => resolve(error ? null : stdout)),
  );

/** Lines of `name, MiB, driver`. */
export function parseGpus(rows: string): Gpu[] {
  return rows.split('\n').flatMap((row): Gpu[] => {
    const [, name, mebibytes, driver] = /^\s*(.+), *(\d+), *([\d.]+)\s*$/.exec(row) ?? [];
    return name === undefined ? [] : [{ name, memory: Number(mebibytes) * 2 ** 20, driver: driver! }];
  });
}

/** From the table that `nvidia-smi` prints. */
export const parseCudaVersion = (table: string): string | null =>
  /CUDA (?:UMD )?Version\s*:\s*(\d+\.\d+)/.exec(table)?.[1] ?? null;
