/** Loaded before the web server under measurement: tells its memory after a collection when it is asked. Needs --expose-gc. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc();
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ type: 'memory', rss, used: heapUsed + external });
});
