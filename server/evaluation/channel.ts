/**
 * The channel on which it is told that something of a run changed: its id. Its state (`moveRun`), or how many samples it
 * has (the triggers of sample).
 */
export const runChannel = 'studio_run';
