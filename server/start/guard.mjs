/**
 * Runs one program for as long as whoever started this one lives. Its standard input is the sign: it ends with that
 * process, however that ends, and the program is then asked to stop. `guard.mjs '{"file", "args", "options"}'`.
 */
import { spawn } from 'node:child_process';

const { file, args, options } = JSON.parse(process.argv[2]);
const child = spawn(file, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`${file}: error: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));

let stopping = false;
function stop() {
  if (stopping) return;
  stopping = true;
  // PostgreSQL's fast shutdown: connections end, everything is written. SIGQUIT, should that hang, leaves the rest to
  // the recovery at the next start.
  child.kill('SIGINT');
  setTimeout(() => child.kill('SIGQUIT'), 3000).unref();
}
for (const event of ['end', 'close', 'error']) process.stdin.on(event, stop);
process.stdin.resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
