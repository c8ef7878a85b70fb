import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The secret that signs the cookies of sessions: made once, and kept under STUDIO_HOME for the owner's eyes only.
 * Several web servers with homes of their own need the same one: BETTER_AUTH_SECRET.
 */
export function secretOf(home: string): string {
  const file = path.join(home, 'auth-secret');
  const read = () => {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return '';
    }
  };
  const kept = read();
  if (kept) return kept;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // Whole or not at all, and never over another process's: a link to a file that is there already is refused.
  const whole = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(whole, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(whole, { force: true });
  }
  return read();
}
