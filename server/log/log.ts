import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout; `npm start` keeps them in STUDIO_HOME/logs. */
export function createLog(name: string, level = process.env.LOG_LEVEL || 'info'): Logger {
  return pino({ name, level, base: { name, pid: process.pid } });
}
