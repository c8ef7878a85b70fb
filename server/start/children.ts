import { spawn, type ChildProcess } from 'node:child_process';
import { oneLine, StudioError } from '../platform/errors/errors';
import { openLogFile, type OnLogTrouble } from '../platform/log/file';
import { createBackoff } from './backoff';

/** What a supervised child says over IPC: that it works, or why it cannot. */
export type ChildMessage = { type: 'ready'; note?: string } | { type: 'fatal'; message: string };

export interface ChildSpec {
  name: string;
  command: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  onLogTrouble?: OnLogTrouble;
}

export interface Supervised {
  /** Resolves at the first `ready` with its note; rejects when the child says `fatal` or ends before. */
  ready: Promise<string | undefined>;
  /** Asks it to end, and ends it after `patienceMs`. */
  stop: (patienceMs: number) => Promise<void>;
}

/** Keeps a child running: one that ends is started again, later each time. */
export function supervise(spec: ChildSpec, say: (line: string) => void): Supervised {
  const log = openLogFile(spec.logFile, { onTrouble: spec.onLogTrouble });
  const delayAfter = createBackoff();
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let settle!: { resolve: (note?: string) => void; reject: (error: Error) => void };
  let isReady = false;
  const ready = new Promise<string | undefined>((resolve, reject) => (settle = { resolve, reject }));
  ready.catch(() => undefined);

  function begin() {
    const [file = process.execPath, ...args] = spec.command;
    const born = performance.now();
    let fatal: string | undefined;
    let lastLine = '';
    // Its own session, so that Ctrl-C reaches it through us, in order.
    const started = spawn(file, args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child = started;
    const keep = (chunk: Buffer) => {
      log.write(chunk);
      lastLine = chunk.toString().trim().split('\n').at(-1) ?? lastLine;
    };
    started.stdout?.on('data', keep);
    started.stderr?.on('data', keep);
    started.on('message', (message: ChildMessage) => {
      if (message.type === 'fatal') fatal = message.message;
      else {
        isReady = true;
        settle.resolve(message.note);
      }
    });
    const over = (how: string) => {
      child = undefined;
      if (stopped) return;
      if (!isReady) {
        const last = lastLine ? `: ${oneLine(lastLine)}` : '';
        const reason = fatal ?? `The ${spec.name} stopped immediately (${how})${last}. See ${spec.logFile}.`;
        return settle.reject(new StudioError('CONFLICT', reason));
      }
      say(`The ${spec.name} stopped (${fatal ?? how}); restarting it.`);
      timer = setTimeout(begin, delayAfter(performance.now() - born));
    };
    started.on('exit', (code, signal) => over(signal ? `signal ${signal}` : `exit code ${code}`));
    started.on('error', (error) => {
      // What could not be begun tells no end: too many processes, no memory.
      if (started.pid === undefined) over(oneLine(error));
    });
  }
  begin();
  return {
    ready,
    async stop(patienceMs) {
      stopped = true;
      clearTimeout(timer);
      const last = child;
      if (!last || last.exitCode !== null || last.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()));
      last.kill('SIGTERM');
      const force = setTimeout(() => last.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(force);
    },
  };
}
