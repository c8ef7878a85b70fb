import { pino, type Logger } from 'pino';
import { openLogFile } from './file';

export type { Logger };

/** JSON lines on stdout, which `npm start` keeps in STUDIO_HOME/logs, or in a file of one's own. */
export function createLog(name: string, level = process.env.LOG_LEVEL || 'info', file?: string): Logger {
  const options = { name, level, base: { name, pid: process.pid } };
  return pino(options, file === undefined ? output() : openLogFile(file));
}

/** Bytes that wait for a full disk behind stdout; lines beyond them are left out. */
const mostWaiting = 1e6;

function output() {
  const stream = pino.destination({ dest: 1, sync: true, maxLength: mostWaiting });
  // Where stdout cannot be written (a full disk, a reader that left), the program goes on.
  stream.on('error', () => undefined);
  return stream;
}
