/** A process that runs a built-in database, to be killed: `database-owner.ts HOME`. Says the URL once it runs. */
import path from 'node:path';
import { startPostgres } from '../../server/start/postgres';

const [home = ''] = process.argv.slice(2);
const { url } = await startPostgres({
  home,
  database: 'owner_test',
  logFile: path.join(home, 'database.log'),
});
console.log(url);
