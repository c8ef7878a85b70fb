/**
 * Ends a process with the one that started it. Import it before anything else: who started this one may be killed while
 * the rest is loaded, and nobody else would end it then.
 */
let stop = () => process.exit(1);

process.on('disconnect', () => stop());
// Gone before anybody could listen.
if (process.connected === false) stop();

/**
 * Sets what is done when whoever started this process has gone; until then it ends at once.
 * @param {() => void} orderly
 */
export function whenParentGone(orderly) {
  stop = orderly;
}
