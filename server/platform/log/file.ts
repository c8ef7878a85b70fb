import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { isDiskFull, oneLine } from '../errors/errors';

/** A file that lines are added to. What cannot be written is left out: no log is worth the program that writes it. */
export interface LogFile {
  write: (chunk: string | Uint8Array) => void;
  close: () => void;
}

/** Told at the first chunk that is left out, and with null at the first that is written again. */
export type OnLogTrouble = (file: string, error: unknown) => void;

export interface LogFileOptions {
  /** A file that has grown so large is begun anew; the one before it is kept as `<file>.1`. */
  maxBytes?: number;
  onTrouble?: OnLogTrouble;
}

const newline = 10;

/** Opens a log for its owner's eyes only. It is written to at once, so that what a process said before it died is there. */
export function openLogFile(file: string, options: LogFileOptions = {}): LogFile {
  const { maxBytes = 10e6, onTrouble } = options;
  let fd: number | undefined;
  let size = 0;
  let last = newline;
  let failing = false;

  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  const open = () => {
    fd = openSync(file, 'a', 0o600);
    size = fstatSync(fd).size;
    return fd;
  };
  const rotate = () => {
    close();
    // Another process that writes here may have done it.
    if (statSync(file).size >= maxBytes) renameSync(file, `${file}.1`);
    last = newline;
    return open();
  };
  const add = (bytes: Uint8Array) => {
    let to = fd ?? open();
    if (size >= maxBytes) to = rotate();
    for (let at = 0; at < bytes.length;) {
      const written = writeSync(to, bytes, at);
      at += written;
      size += written;
      last = bytes[at - 1] ?? last;
    }
  };

  return {
    write(chunk) {
      try {
        // What was cut off by a full disk stays a line of its own.
        if (failing && last !== newline) add(Buffer.from('\n'));
        add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
        if (failing) onTrouble?.(file, null);
        failing = false;
      } catch (error) {
        if (!failing) onTrouble?.(file, error);
        failing = true;
        // Opened anew the next time: what stands there may be another file by then.
        close();
      }
    },
    close,
  };
}

/** Says it once for all logs together when they can no longer be written, and again only after they could be. */
export function tellLogTrouble(say: (line: string) => void): OnLogTrouble {
  const failing = new Set<string>();
  return (file, error) => {
    if (error === null) return void failing.delete(file);
    if (failing.size === 0)
      say(
        isDiskFull(error)
          ? '! The disk is full. Until space is freed, nothing new is stored and log lines are dropped.'
          : `! ${file} is not writable (${oneLine(error)}). Its lines are dropped.`,
      );
    failing.add(file);
  };
}
