import { execFile } from 'node:child_process';
import { totalmem } from 'node:os';
import type { Device } from '../types';

/** The rest is left to the numbers that are computed, and to the rest of the machine. */
const usable = 0.85;

/** How many bytes of weights a device has room for that has so much memory. */
export const roomIn = (memory: number): number => usable * memory;

const units = { MB: 1e6, GB: 1e9, MIB: 2 ** 20, GIB: 2 ** 30 };

/** Reads a size such as `24GB`, `16.5 GiB` or `800MB`. @returns bytes, or null where it is no such size */
export function parseMemory(text: string): number | null {
  const [, number, unit] = /^\s*(\d{1,6}(?:\.\d{1,3})?)\s*([MG]i?B)\s*$/i.exec(text) ?? [];
  const bytes = Number(number) * (units[unit?.toUpperCase() as keyof typeof units] ?? NaN);
  return bytes > 0 ? Math.round(bytes) : null;
}

/** Bytes as people read them. */
export const sizeText = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

/**
 * How many bytes of weights a device of this machine has room for: most of its memory. The CPU’s is that of the machine, or
 * what its container may have; a CUDA device’s is asked of the driver.
 * @returns Infinity where nobody knows
 */
export async function deviceMemory(device: Device): Promise<number> {
  if (device === 'cpu') {
    // 0, or more than there is, where nothing limits the process.
    const allowed = process.constrainedMemory();
    return roomIn(allowed > 0 ? Math.min(allowed, totalmem()) : totalmem());
  }
  if (device !== 'cuda') return Infinity;
  const megabytes = await new Promise<number>((resolve) =>
    execFile(
      'nvidia-smi',
      ['--query-gpu=memory.total', '--format=csv,noheader,nounits'],
      { timeout: 10_000 },
      // The first device is the one that is used.
      (error, stdout) => resolve(error ? NaN : Number.parseFloat(stdout)),
    ),
  );
  return Number.isFinite(megabytes) ? roomIn(megabytes * units.MIB) : Infinity;
}
