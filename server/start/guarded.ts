import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import path from 'node:path';

/** A program, and as whom and where it runs. */
export interface Command {
  file: string;
  args: string[];
  options: { uid?: number; gid?: number; cwd?: string };
}

/**
 * Runs a program that ends with this process, however that ends, or when the standard input of what is returned does. In
 * a session of its own: Ctrl-C in the terminal must not stop it before its users.
 * @param options with a pipe as standard input
 */
export function startGuarded(
  command: Command,
  options: { stdio: StdioOptions; env?: NodeJS.ProcessEnv },
): ChildProcess {
  const guard = path.join(import.meta.dirname, 'guard.mjs');
  const child = spawn(process.execPath, [guard, JSON.stringify(command)], { ...options, detached: true });
  // Told already by its end.
  child.stdin?.on('error', () => undefined);
  return child;
}
