import { vi } from 'vitest';
import { main } from '../cli';

/** Runs the command line in this process. Mocks of the streams are the caller's to restore. */
export async function studio(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  return { code: await main(args), ...said };
}
