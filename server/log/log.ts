import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout, which `npm start` keeps in STUDIO_HOME/logs, or in a file of one's own. */
export function createLog(name: string, level = process.env.LOG_LEVEL || 'info', file?: string): Logger {
  const options = { name, level, base: { name, pid: process.pid } };
  return file === undefined ? pino(options) : pino(options, pino.destination({ dest: file, sync: true }));
}
