/** A worker process of its own, to be killed: `stub-worker.ts DATABASE_URL HOME`. */
import { createLog } from '../../server/platform/log/log';
import { startWorker } from '../../server/worker/worker';
import { stubChild, tinyModel } from './paths';

const [databaseUrl = '', home = ''] = process.argv.slice(2);
await startWorker({
  databaseUrl,
  home,
  modelDir: tinyModel,
  device: 'cpu',
  log: createLog('stub-worker', 'silent'),
  childEntry: stubChild,
});
