/** Loaded before a process under measurement: tells its memory after a collection when it is asked (needs --expose-gc), and
 * ends so that its CPU profile is written. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ type: 'memory', rss, used: heapUsed + external });
});
if (process.env.BENCH_PROFILE) process.once('SIGTERM', () => process.exit(0));
